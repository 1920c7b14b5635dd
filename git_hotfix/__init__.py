"""An emergency production fix from page to propagated: small, tagged, recorded and everywhere."""

__version__ = "0.1.0"
