"""Merges tables: the user's file over the shipped one, and a provider over the one it extends.

A client ID, its secret, the revocation endpoint and what is special about a server belong to one
token endpoint. Where a table changes the token endpoint, they don't come from the table below.
"""

from collections.abc import Collection, Mapping

from .fields import DETECTION_CHECKS, Table

OF_THE_TOKEN_ENDPOINT = (
    "device_authorization_uri",
    "resource",
    "client_authentication",
    "exact_redirect",
    "pkce",
    "revocation_uri",
    "revocation_pages",
    "issuer",
    "sends_issuer",
    "consent",
    "verified",
)
_SECRET = ("client_secret", "client_secret_entry")  # two places of one secret
_OF_THE_CLIENT = (
    *_SECRET,
    "certificate",
    "key_file",
    "authorize_uri",
    "token_uri",
    *OF_THE_TOKEN_ENDPOINT,
)
# These say which addresses belong to a provider, so a provider that extends it has its own.
_NOT_EXTENDED = ("label", *DETECTION_CHECKS)


def laid_over(below: Table, above: Table) -> Table:
    """Merge two files: each field of `above` replaces the same field of `below`."""
    merged = {**below, "mail_filters": {**below["mail_filters"], **above["mail_filters"]}}
    merged["providers"] = dict(below["providers"])
    for name, table in above["providers"].items():
        lower = below["providers"].get(name, {"applications": {}})
        merged["providers"][name] = _provider_over(lower, table)
    merged["without_oauth"] = {
        name: {**below["without_oauth"].get(name, {}), **above["without_oauth"].get(name, {})}
        for name in {**below["without_oauth"], **above["without_oauth"]}
    }
    merged["discovery"] = {**below["discovery"], **above["discovery"]}
    return merged


def with_fields(below: Table, above: Table) -> Table:
    """The fields of `below`, replaced by those of `above`."""
    return {**kept_below(below, above), **above}


def kept_below(below: Table, above: Table) -> Table:
    """The fields of `below` that still count under `above`: none of another token endpoint."""
    return _without(below, OF_THE_TOKEN_ENDPOINT) if "token_uri" in above else below


def extended(providers: Mapping[str, Table], name: str) -> Table:
    """A provider's table, over that of the provider that it extends.

    Raises `RecursionError` if providers extend each other, and `KeyError` for an unknown one.
    """
    table = providers[name]
    if "extends" not in table:
        return table
    if table["extends"] == name:
        raise RecursionError
    base = _without(extended(providers, table["extends"]), _NOT_EXTENDED)
    base["applications"] = {
        key: _without(value, ("default_for",)) for key, value in base["applications"].items()
    }
    if "token_uri" in table:  # client IDs are those of one authorization server (RFC 6749, 2.2)
        base = _without(base, ("default_application",)) | {"applications": {}}
    return _provider_over(base, table)


def _provider_over(below: Table, above: Table) -> Table:
    applications = {
        key: _without(value, _OF_THE_CLIENT) if "token_uri" in above else value
        for key, value in below["applications"].items()
    }
    for key, value in above["applications"].items():
        lower = applications.get(key, {})
        if "token_uri" in value:
            lower = _without(lower, _OF_THE_CLIENT)
        if value.get("client_id", lower.get("client_id")) != lower.get("client_id"):
            lower = {}  # another client ID is another application with the same name
        if not value.keys().isdisjoint(_SECRET):
            lower = _without(lower, _SECRET)
        applications[key] = {**lower, **value}
    return {**with_fields(below, above), "applications": applications}


def _without(table: Table, keys: Collection[str]) -> Table:
    return {key: value for key, value in table.items() if key not in keys}
