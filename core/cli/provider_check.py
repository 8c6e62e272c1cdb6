"""`providers --check`: ask every endpoint whether it still answers, and print a line for each."""

from collections.abc import Sequence
from functools import partial

from ..cancel import Cancellation
from ..errors import AppError, ExitCode
from ..i18n.translation import _, ngettext, number
from ..keeping.worker_threads import all_at_once
from ..net.network import Network
from ..oauth.endpoint_check import Answered, Endpoint, ask, endpoints_of
from ..providers.catalog import Catalog
from ..verdicts.verdict import Kind
from .json_lines import Format, json_line
from .output import error_object, print_lines

_AT_ONCE = 16


def check(catalog: Catalog, network: Network, *, as_json: bool) -> int:
    """Ask all endpoints, some at a time. Returns the exit code.

    It is 4 if the network is the only problem, and 1 if an endpoint has another answer than it
    should have.
    """
    endpoints = endpoints_of(catalog.providers.values())
    results = [
        (endpoint, result)
        for start in range(0, len(endpoints), _AT_ONCE)
        for endpoint, result in _asked(endpoints[start : start + _AT_ONCE], network)
    ]
    for endpoint, result in results:
        print_lines(_as_json(endpoint, result) if as_json else _line(endpoint, result))
    good = [result for _endpoint, result in results if _passed(result)]
    if not as_json:
        print_lines(
            ngettext(
                "{good} of {count} endpoint answers as expected",
                "{good} of {count} endpoints answer as expected",
                len(results),
                good=number(len(good)),
            )
        )
    if len(good) == len(results):
        return ExitCode.DONE
    failed = [result for _endpoint, result in results if not _passed(result)]
    passing = all(isinstance(r, AppError) and r.kind is Kind.PASSING for r in failed)
    return ExitCode.TRY_AGAIN if passing else ExitCode.FAILED


def _asked(
    endpoints: Sequence[Endpoint], network: Network
) -> Sequence[tuple[Endpoint, Answered | AppError]]:
    acts = [partial(ask, endpoint, network) for endpoint in endpoints]
    return list(zip(endpoints, all_at_once(acts, Cancellation()), strict=True))


def _passed(result: Answered | AppError) -> bool:
    return isinstance(result, Answered) and result.passed


def _line(endpoint: Endpoint, result: Answered | AppError) -> str:
    values = {
        "provider": endpoint.provider,
        "endpoint": _(endpoint.kind),
        "uri": endpoint.uri,
        "detail": result.message if isinstance(result, AppError) else result.detail,
    }
    if _passed(result):
        return _("PASS {provider}: {endpoint} {uri} ({detail})", **values)
    return _("FAIL {provider}: {endpoint} {uri} ({detail})", **values)


def _as_json(endpoint: Endpoint, result: Answered | AppError) -> str:
    error = error_object(result) if isinstance(result, AppError) else None
    return json_line(
        Format.ENDPOINT,
        {
            "provider": endpoint.provider,
            "endpoint": endpoint.kind,
            "uri": endpoint.uri,
            "passed": _passed(result),
            "detail": result.detail or None,
            "error": error,
        },
    )
