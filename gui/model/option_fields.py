"""The options of one sign-in that are texts: their labels, and what each of them accepts."""

from collections.abc import Callable
from typing import NamedTuple

from core.address import parse_address
from core.error_lines import sentence
from core.errors import UsageProblem
from core.i18n.translation import N_, _
from core.model import IMAPS_PORT
from core.providers import values


class Field(NamedTuple):
    """One line of text; its texts are in English, and what shows them translates them.

    `name` is the attribute of `OptionValues`, `label` has the mnemonic, `hint` is shown in the
    empty field, `check` raises for a wrong text, and `rule` says what a right one looks like. A
    provider that is described by its endpoints needs those that are `required`.
    """

    name: str
    label: str
    hint: str
    check: Callable[[str], object]
    rule: str
    half: bool = False  # shares its row with the next field
    secret: bool = False
    required: bool = False

    @property
    def plain_label(self) -> str:
        """The label in the user's language, without the mnemonic."""
        return _(self.label).replace("&", "")

    def problem(self, text: str, *, is_described: bool) -> str:
        """Return what is wrong with a text, in sentences; empty where it is right.

        `is_described`: it is for a provider that the fields describe.
        """
        if is_described and self.required and not text:
            return _("This provider needs it.")
        try:
            if text:
                self.check(text)
        except values.Invalid:
            return _(self.rule)
        except UsageProblem as exc:
            return " ".join((sentence(exc.message), exc.hint, *exc.notes))
        return ""


def port_of(text: str) -> int:
    """Return the number in a text; 0 for an empty text, -1 for anything that is no number."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


APPLICATION = Field(
    "application",
    N_("App&lication"),
    "",
    values.name,
    N_(
        "The application must be a name of lower-case letters, digits, dots, dashes and "
        "underscores."
    ),
)
FIELDS = (
    Field(
        "tenant",
        N_("&Tenant"),
        N_("Microsoft: common, a domain or an ID"),
        values.tenant,
        N_("The tenant must be common, organizations, consumers, a domain or an ID."),
    ),
    Field(
        "client_id",
        N_("&Client ID"),
        N_("only for your own registration"),
        values.text,
        N_("The client ID must be one line of text."),
        half=True,
        required=True,
    ),
    Field(
        "client_secret",
        N_("Client &secret"),
        N_("only if your registration has one"),
        values.text,
        N_("The client secret must be one line of text."),
        secret=True,
    ),
    Field(
        "certificate",
        N_("Certi&ficate file"),
        N_("Microsoft without sign-in: PEM or PFX"),
        values.full_path,
        N_("The certificate file must be the full path of a file."),
        half=True,
    ),
    Field(
        "key_file",
        N_("Ke&y file"),
        N_("Google service account: JSON"),
        values.full_path,
        N_("The key file must be the full path of a file."),
    ),
    Field(
        "issuer",
        N_("Sign-in ser&ver"),
        N_("https://… if the provider describes it (its issuer)"),
        values.page,
        N_("The sign-in server must be an https:// address."),
    ),
    Field(
        "authorization_endpoint",
        N_("A&uthorization endpoint"),
        "https://…",
        values.endpoint,
        N_("The authorization endpoint must be an https:// address."),
        required=True,
    ),
    Field(
        "token_endpoint",
        N_("To&ken endpoint"),
        "https://…",
        values.endpoint,
        N_("The token endpoint must be an https:// address."),
        required=True,
    ),
    Field(
        "scope",
        N_("Sc&ope"),
        N_("if there are several scopes: spaces between them"),
        values.text,
        N_("The scope must be one line of text."),
        required=True,
    ),
    Field(
        "redirect_uri",
        N_("&Redirect URI"),
        N_("http://localhost or https://…"),
        values.redirect_uri,
        N_(
            "The redirect URI must be http://localhost, https://localhost or another https:// "
            "address, without a user name and without a fragment (#)."
        ),
        half=True,
    ),
    Field(
        "login_hint",
        N_("Sign in &as"),
        N_("for a shared mailbox: your own address"),
        parse_address,
        "",  # core has sentences for each mistake in an address
    ),
    Field(
        "imap_host",
        N_("&IMAP server"),
        "imap.example.com",
        values.host,
        N_("The IMAP server must be a host name, for example imap.example.com."),
        half=True,
        required=True,
    ),
    Field(
        "imap_port",
        N_("&Port"),
        str(IMAPS_PORT),
        lambda text: values.port(port_of(text)),
        N_("The port must be a number from 1 to 65535."),
    ),
)
