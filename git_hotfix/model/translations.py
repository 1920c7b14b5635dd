"""Which paths are translations: texts by their ending, and a language by their place."""

from __future__ import annotations

import re

# Formats of translators' tools, which hold nothing else.
_TEXTS = (".po", ".pot", ".mo", ".xlf", ".xliff", ".arb", ".strings", ".stringsdict", ".xcstrings", ".ftl")
# Formats that hold texts as well as anything else: only beside a language's name.
_DATA = (".json", ".yml", ".yaml", ".properties", ".xml", ".resx")
# ISO 639-1, and the languages of three letters that translators' platforms offer most.
_LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ast fil hsb dsb "
    "kab nds sco szl tlh".split()
)


def is_text(path: str, *, in_place: bool) -> bool:
    """True for a file of translated texts; `in_place` says that it stands where translations are kept.

    A format of translators' tools needs such a place or a language (`fr.po`, `messages.fr.xlf`, `fr.lproj/`); a format
    of data needs both (`locales/fr.json`, `values-fr/strings.xml`), and a .resx the language in its name. Source code
    is never one.
    """
    lower = path.lower()
    if lower.endswith(".resx"):
        return _names_language(path.rpartition("/")[2])
    if lower.endswith(_TEXTS):
        return in_place or _has_language(path)
    return lower.endswith(_DATA) and in_place and _has_language(path)


def _has_language(path: str) -> bool:
    *folders, name = path.split("/")
    return _names_language(name) or any(map(_is_language, folders[-2:]))


def _is_language(folder: str) -> bool:
    """`fr`, `pt-BR`, `zh_Hans`, Apple's `fr.lproj`, Android's `values-pt-rBR`."""
    return _is_tag(folder.lower().removesuffix(".lproj").removeprefix("values-"))


def _names_language(name: str) -> bool:
    """`fr.po`, `messages_pt_BR.properties`, `Resources.fr-CA.resx`."""
    stem = name.lower().rpartition(".")[0]
    return any(_is_tag(stem[match.end() :]) for match in re.finditer(r"^|[._-]", stem))


def _is_tag(text: str) -> bool:
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_](?:r?[a-z]{2}|[a-z]{4}|\d{3}))*", text)
    return match is not None and match[1] in _LANGUAGES
