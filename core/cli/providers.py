"""`providers`: list the known providers, including those in the user's own providers.toml."""

from collections.abc import Sequence

from ..errors import ExitCode
from ..i18n.translation import N_, _
from ..paths import own_providers_file
from ..providers.catalog import Catalog, Provider, load_catalog
from ..providers.fields import Registration
from ..providers.overrides import Overrides
from ..providers.registration import refuse_unknown
from .arguments import network_of
from .json_lines import Format, json_line
from .options import Options
from .output import print_lines

_ERROR_PAGE = N_(
    "The sign-in ends on an error page of the browser. You copy the address of that page and "
    "paste it into oauth2_imap."
)
_NOT_VERIFIED = N_(
    "Not verified live: nobody has signed in with these values in oauth2_imap so far."
)
_ALLOW = N_('The sign-in page asks you to allow "{application}".')
_ALLOW_UNNAMED = N_(
    'The sign-in page asks you to allow your application "{application}", which has the client '
    "ID {client_id}."
)


def run(words: Sequence[str], options: Options) -> int:
    """List all providers, or those that are named, with their IMAP servers and applications.

    With `--json`, each provider is one object. With `--check`, its endpoints are asked.
    """
    catalog = _named(words, load_catalog(own_providers_file()))
    if options.check:
        from .provider_check import check  # needs the network, which a list doesn't

        return check(catalog, network_of(options), as_json=options.json)
    for provider in catalog.providers.values():
        if options.json:
            print_lines(_as_json(provider))
            continue
        print_lines(_("{name}: {text}", name=provider.name, text=provider.label))
        address = f"{provider.imap_host}:{provider.imap_port}"
        server = _("IMAP server: {server}", server=address)
        scopes = _("Scopes: {scopes}", scopes=" ".join(provider.scopes))
        print_lines(f"  {server}", f"  {scopes}")
        for application in provider.applications.values():
            for line in _about(provider, application):
                print_lines(f"  {line}")
    if not options.json:
        without = ", ".join(known.label for known in catalog.without_oauth.values())
        print_lines(
            _("Without OAuth2 for IMAP: {providers}", providers=without),
            _(
                "Add your own providers and applications to this file: {file}",
                file=own_providers_file(),
            ),
        )
    return ExitCode.DONE


def _named(names: Sequence[str], catalog: Catalog) -> Catalog:
    """The catalog with these providers only; with all of them if there are no names."""
    for name in names:
        refuse_unknown(catalog, name, Overrides())
    chosen = {name: catalog.providers[name] for name in names or catalog.providers}
    return catalog._replace(providers=chosen)


def _about(provider: Provider, application: Registration) -> list[str]:
    allow = _ALLOW if application.application_label else _ALLOW_UNNAMED
    name = application.application_label or application.application
    lines = [_(allow, application=name, client_id=application.client_id)]
    if application.application == provider.default_application:
        lines.append(_("This is the default."))
    if _needs_secret(application):
        lines.append(_("It needs --client_secret, with the secret of the application's owner."))
    if application.default_for:
        domains = ", ".join(application.default_for)
        lines.append(_("It is the default for: {domains}", domains=domains))
    if application.exact_redirect:
        lines.append(_(_ERROR_PAGE))
    if not application.verified:
        lines.append(_(_NOT_VERIFIED))
    lines += [_(text) for text in (application.consent, application.note) if text]
    return [f"--application {application.application}", *(f"  {line}" for line in lines)]


def _needs_secret(application: Registration) -> bool:
    known = application.client_secret or application.client_secret_entry
    return application.confidential and not known


def _as_json(provider: Provider) -> str:
    return json_line(
        Format.PROVIDER,
        {
            "provider": provider.name,
            "label": provider.label,
            "imap_server": provider.imap_host,
            "imap_port": provider.imap_port,
            "scopes": provider.scopes,
            "applications": [
                {
                    "application": application.application,
                    "label": application.application_label or None,
                    "default": application.application == provider.default_application,
                    "needs_secret": _needs_secret(application),
                    "default_for": application.default_for,
                    "exact_redirect": application.exact_redirect,
                    "verified": application.verified,
                    "consent": application.consent or None,
                    "note": application.note or None,
                }
                for application in provider.applications.values()
            ],
        },
    )
