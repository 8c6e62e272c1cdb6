"""What this computer lacks before any server is asked."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

CA_FILE_UNUSABLE = Verdict(
    "ca_file_unusable",
    Kind.LOCAL,
    Actor.YOU,
    Action.NAME_CA,
    N_("The CA file {file} can't be used"),
    N_("The file can't be read, or it contains no certificate in PEM format."),
    N_("Choose a file with CA certificates in PEM format."),
    source="https://docs.python.org/3/library/ssl.html#ssl.SSLContext.load_verify_locations",
)

VERDICTS = (CA_FILE_UNUSABLE,)
