"""Whether a CA file can be used, before anything relies on it."""

from .network import Network
from .tls import new_tls_context


def check_ca_file(network: Network) -> None:
    """Raise `AppError` if the CA file of this network can't be used; nothing is connected."""
    new_tls_context(network)
