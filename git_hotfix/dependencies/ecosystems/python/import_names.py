"""Which package a Python module comes from, where the two are not called alike."""

from __future__ import annotations

# Module → the normalised names of the packages that have it. Only what the rules below cannot guess.
_PACKAGES = {
    "attr": "attrs", "bs4": "beautifulsoup4", "Crypto": "pycryptodome", "Cryptodome": "pycryptodomex",
    "cv2": "opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless",
    "fitz": "pymupdf", "gi": "pygobject", "googleapiclient": "google-api-python-client", "grpc": "grpcio",
    "grpc_status": "grpcio-status", "memcache": "python-memcached", "mpl_toolkits": "matplotlib",
    "MySQLdb": "mysqlclient mysql-python", "past": "future", "PIL": "pillow pillow-simd",
    "pkg_resources": "setuptools", "psycopg2": "psycopg2cffi", "pylab": "matplotlib", "pythoncom": "pywin32",
    "skimage": "scikit-image", "sklearn": "scikit-learn", "social_core": "social-auth-core",
    "social_django": "social-auth-app-django", "telegram": "python-telegram-bot", "tlz": "toolz",
    "win32api": "pywin32", "win32com": "pywin32", "win32con": "pywin32",
}  # fmt: skip


def provides(package: str, module: str) -> bool:
    """True when the package of this normalised name (PEP 503) may have the module of this full name.

    Rather one too many: a module whose package is declared under a name that nobody could guess would stop a fix that
    works. `google.cloud.storage` is in google-cloud-storage, `dateutil` in python-dateutil, `jwt` in pyjwt.
    """
    parts = module.split(".")
    if package in _PACKAGES.get(parts[0], "").split():
        return True
    dense, top = package.replace("-", ""), parts[0].lower().replace("_", "").replace("-", "")
    if dense in (top, f"py{top}", f"python{top}", f"{top}py", f"{top}python", f"django{top}", f"flask{top}"):
        return True
    words = package.split("-")
    # A package that is part of a family: azure-storage-blob has azure.storage.blob, zope-interface zope.interface.
    return words[0] == parts[0].lower() or (len(words) > 1 and words[-1] == parts[0].lower())
