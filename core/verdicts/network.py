"""Faults on the way to a server: names, connections, proxies, certificates.

`core.net.faults` gives each fault a name of its own. The words are the operating system's or
OpenSSL's, and the codes those of a certificate's fault (Windows and macOS speak many languages).
"""

from typing import Any

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_NETWORK = (Origin.NETWORK,)


def _fault(*names: str, **parts: Any) -> tuple[Pattern, ...]:
    return (Pattern(origins=_NETWORK, errors=names, **parts),)


VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "proxy_name_not_found",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_PROXY,
        N_("The proxy {proxy} can't be found, so {host} can't be reached"),
        N_("The proxy's address comes from {proxy_source}."),
        N_("Correct the proxy's address. If you need no proxy, remove the address."),
        source="Python's urllib.request, seen",
        patterns=_fault("proxy_name_not_found"),
    ),
    Verdict(
        "proxy_unreachable",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_PROXY,
        N_("The proxy {proxy} does not answer, so {host} can't be reached"),
        N_("The proxy's address comes from {proxy_source}."),
        N_("Check whether the proxy is running. If you need no proxy, remove its address."),
        source="Python's urllib.request, seen",
        patterns=_fault("proxy_unreachable", "proxy_timeout"),
    ),
    Verdict(
        "proxy_wants_password",
        Kind.PASSING,
        Actor.ADMINISTRATOR,
        Action.CHECK_PROXY,
        N_("The proxy {proxy} requires a user name and a password"),
        N_("The proxy's address comes from {proxy_source}."),
        N_(
            "Write the user name and the password into the proxy's address: "
            "http://NAME:PASSWORD@HOST:PORT"
        ),
        source="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8",
        patterns=_fault("proxy_refused", words=r"\b407\b"),
    ),
    Verdict(
        "proxy_cannot_reach",
        Kind.PASSING,
        Actor.ADMINISTRATOR,
        Action.CHECK_PROXY,
        N_("The proxy {proxy} can't reach {host}"),
        N_("The proxy's address comes from {proxy_source}."),
        N_("Try again. If the error stays, ask the administrator of the proxy."),
        source="https://www.rfc-editor.org/rfc/rfc9110#section-15.6.3",
        patterns=_fault("proxy_refused", words=r"\b50[0-4]\b"),
    ),
    Verdict(
        "proxy_refused",
        Kind.PASSING,
        Actor.ADMINISTRATOR,
        Action.CHECK_PROXY,
        N_("The proxy {proxy} does not allow connections to {host}"),
        N_("The proxy's address comes from {proxy_source}."),
        N_("Ask the administrator of the proxy to allow {host}."),
        source="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6",
        patterns=_fault("proxy_refused"),
    ),
    Verdict(
        "proxy_address_wrong",
        Kind.MISCONFIGURED,
        Actor.YOU,
        Action.CHECK_PROXY,
        N_("The proxy's address can't be used"),
        N_("It comes from {proxy_source}. Its form is http://HOST:PORT; SOCKS is not supported."),
        N_("Correct the proxy's address. If you need no proxy, remove the address."),
        source="Python's urllib.request, seen",
        patterns=_fault("proxy_address_wrong"),
    ),
    Verdict(
        "name_not_found",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("The name {host} can't be found"),
        N_(
            "This computer has no network connection, its name server (DNS) does not answer, or "
            "the name is wrong."
        ),
        N_("Check the network connection and the name of the server."),
        source="https://man7.org/linux/man-pages/man3/getaddrinfo.3.html",
        patterns=_fault("name_not_found"),
    ),
    Verdict(
        "name_server_silent",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("The name server (DNS) did not answer in time for {host}"),
        "",
        N_("Check the network connection, then try again."),
        source="https://man7.org/linux/man-pages/man3/getaddrinfo.3.html",
        patterns=_fault("name_server_silent"),
    ),
    Verdict(
        "connection_refused",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("{host} refused the connection"),
        N_("The port is wrong, the service is not running, or a firewall refuses the connection."),
        N_(
            "Check the name and the port of the server. Also check whether a firewall blocks the "
            "connection."
        ),
        source="https://man7.org/linux/man-pages/man2/connect.2.html",
        patterns=_fault("connection_refused"),
    ),
    Verdict(
        "network_unreachable",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("This computer can't reach {host}"),
        N_("The network does not work, or a firewall or a VPN blocks the connection."),
        N_("Check the network connection."),
        source="https://man7.org/linux/man-pages/man2/connect.2.html",
        patterns=_fault("network_unreachable"),
    ),
    Verdict(
        "connection_broken",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("{host} closed the connection unexpectedly"),
        "",
        N_("Try again. If the error stays, a firewall, a proxy or an antivirus may be the cause."),
        source="https://man7.org/linux/man-pages/man7/socket.7.html",
        patterns=_fault("connection_broken"),
    ),
    Verdict(
        "no_answer_in_time",
        Kind.PASSING,
        Actor.YOU,
        Action.ALLOW_MORE_TIME,
        N_("{host} did not answer in time"),
        "",
        N_("Try again. On a slow network, set a longer time limit."),
        source="https://man7.org/linux/man-pages/man2/connect.2.html",
        patterns=_fault("timeout"),
    ),
    # Certificates, by cause.
    Verdict(
        "tls_not_yet_valid",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_CLOCK,
        N_("The certificate of {host} is not valid yet"),
        N_("Usually the clock of this computer is wrong: it shows a time in the past."),
        N_("Set the clock of this computer to the right time. Then try again."),
        source="https://docs.openssl.org/master/man1/openssl-verification-options/",
        patterns=_fault("tls_untrusted", words=r"not yet valid"),
    ),
    Verdict(
        "tls_expired",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_CLOCK,
        N_("The certificate of {host} has expired"),
        N_(
            "The clock of this computer is wrong, or the server's operator has not replaced the "
            "certificate in time."
        ),
        N_(
            "Check the clock of this computer. If it is right, tell the operator of the server "
            "that the certificate has expired."
        ),
        source="https://docs.openssl.org/master/man1/openssl-verification-options/; Windows: "
        "CERT_E_EXPIRED; macOS: errSecCertificateExpired",
        patterns=(
            *_fault("tls_untrusted", words=r"(has |is )?expired"),
            *_fault("tls_untrusted", codes=(0x800B0101, -67818)),
        ),
    ),
    Verdict(
        "tls_antivirus_without_name",
        Kind.PASSING,
        Actor.YOU,
        Action.NAME_CA,
        N_("An antivirus or a firewall on this computer disturbs the connection to {host}"),
        N_(
            "It decrypts the connection, but does not send the server's name (SNI). Gmail refuses "
            "such connections."
        ),
        N_(
            "In the settings of the antivirus, switch off the mail scan or TLS scan for "
            "oauth2_imap."
        ),
        source='public threads on "No SNI provided; please fix your client"',
        patterns=_fault("tls_untrusted", words=r"no sni provided|invalid2\.invalid"),
    ),
    Verdict(
        "tls_wrong_name",
        Kind.PASSING,
        Actor.ADMINISTRATOR,
        Action.CHECK_SERVER,
        N_("The certificate of {host} is for a different server name"),
        N_("The name of the server is wrong, or another server sends the answer."),
        N_(
            "Check the name of the server. On a Wi-Fi network with a sign-in page, open a web page "
            "in a browser and sign in there first."
        ),
        source="https://www.rfc-editor.org/rfc/rfc9525; Windows: CERT_E_CN_NO_MATCH; macOS: "
        "errSecHostNameMismatch",
        patterns=(
            *_fault(
                "tls_untrusted",
                words=r"hostname mismatch|ip address mismatch|not valid for",
            ),
            *_fault("tls_untrusted", codes=(0x800B010F, -67602)),
        ),
    ),
    Verdict(
        "tls_unknown_issuer",
        Kind.PASSING,
        Actor.ADMINISTRATOR,
        Action.NAME_CA,
        N_("This computer does not trust the certificate of {host}"),
        N_(
            "A proxy or an antivirus may decrypt the connection and use its own certificate. Or "
            "the server has a certificate from a private CA."
        ),
        N_(
            "Ask the administrator for the CA certificate. Then choose it as the CA file of "
            "oauth2_imap."
        ),
        source="https://docs.openssl.org/master/man1/openssl-verification-options/",
        patterns=_fault("tls_untrusted"),
    ),
    Verdict(
        "tls_failed",
        Kind.PASSING,
        Actor.ADMINISTRATOR,
        Action.CHECK_NETWORK,
        N_("The TLS connection to {host} failed"),
        N_("The server does not use TLS on this port, or it supports only old versions of TLS."),
        N_(
            "Check the name and the port of the server. Port 993 is for IMAP with TLS. Port 143 is "
            "for IMAP with STARTTLS."
        ),
        source="https://www.rfc-editor.org/rfc/rfc8446#section-6",
        patterns=_fault("tls_failed"),
    ),
    Verdict(
        "not_http",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("{host} sent an answer that is not HTTP"),
        N_("Another service uses this port, or a proxy or a firewall changes the connection."),
        N_("Check the address of the endpoint and the network connection. Then try again."),
        source="https://www.rfc-editor.org/rfc/rfc9112",
        patterns=_fault("not_http"),
    ),
    Verdict(
        "answer_too_large",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("{host} sent an answer that is much too long"),
        N_("Probably the answer comes from another service, a web filter or a proxy."),
        N_(
            "Open a web page in a browser. If a Wi-Fi sign-in page comes, sign in there. Then try "
            "again."
        ),
        source="oauth2_imap reads at most a megabyte",
        patterns=_fault("too_large"),
    ),
    Verdict(
        "endpoint_elsewhere",
        Kind.MISCONFIGURED,
        Actor.ADMINISTRATOR,
        Action.MEND_SETTINGS,
        N_("An endpoint of {provider} is not on the server {host}"),
        N_("For safety, secrets are sent only to the server in the settings."),
        N_("Check the addresses of the authorization endpoint and of the token endpoint."),
        source="https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata",
        patterns=_fault("endpoint_elsewhere"),
    ),
    Verdict(
        "network_failed",
        Kind.PASSING,
        Actor.YOU,
        Action.CHECK_NETWORK,
        N_("The connection to {host} failed"),
        "",
        N_("Check the network connection, then try again."),
        source="the last resort of this table",
        patterns=(Pattern(origins=_NETWORK),),
    ),
)
