"""The device code flow: the user types a short code on a page, on any device (RFC 8628)."""

import logging
import time

from ...error_lines import sentence
from ...errors import AppError, SignInNeeded
from ...events import WaitingForDevice
from ...i18n.translation import N_, _, english, joined
from ...model import Note
from ...providers.fields import Registration
from ...verdicts.local_sign_in import DEVICE_CODE_NOT_USED
from ...verdicts.verdict import Kind
from ..registration_facts import parameters_of
from ..token_response import STILL_WAITING
from ..tokens import Tokens
from .clients import new_device_client
from .device_authorization import DeviceAuthorization
from .device_client import DeviceClient
from .flow import SignIn
from .methods import SignInMethods

log = logging.getLogger(__name__)

_LONGER = 5.0  # seconds; RFC 8628 section 3.5
_EXPECTED = (STILL_WAITING, "too_many_requests")  # the second is for slow_down
_AGAIN = N_("The program asks again.")


class DeviceFlow:
    """Nothing listens here, and no browser is needed on this computer."""

    def can_be_offered(self, registration: Registration, methods: SignInMethods) -> bool:
        """Whether the provider has device codes, and the user can ask for one."""
        return methods.takes_device_code(registration)

    def run(self, asked: SignIn) -> Tokens:
        """Show the code, then ask for the tokens until the user is ready."""
        registration = asked.registration
        client = new_device_client(registration, asked.network, clock=asked.clock)
        authorization = client.begin(asked.sign_in_as)
        asked.cancelled.check()
        _show(asked, authorization)
        tokens = _poll(asked, client, authorization)
        log.info(
            "%s gave tokens for the device code of %s",
            english(registration.label),
            asked.sign_in_as,
        )
        return tokens


def _show(asked: SignIn, authorization: DeviceAuthorization) -> None:
    registration = asked.registration
    asked.progress(
        WaitingForDevice(
            user_code=authorization.user_code,
            uri=authorization.uri,
            complete_uri=authorization.complete_uri,
            seconds=authorization.life,
            sign_in_as=asked.sign_in_as,
            application_label=registration.application_label,
            application=registration.application,
            client_id=registration.client_id,
        )
    )


def _poll(asked: SignIn, client: DeviceClient, authorization: DeviceAuthorization) -> Tokens:
    """Ask again and again; less often if the provider, or the network, has too much to do."""
    interval = authorization.interval
    deadline = time.monotonic() + authorization.life
    while time.monotonic() + interval < deadline:
        asked.cancelled.wait(interval)
        asked.cancelled.check()
        try:
            return client.poll()
        except AppError as exc:
            if exc.kind is not Kind.PASSING:
                raise
            if exc.verdict.id != STILL_WAITING:
                interval = max(interval + _LONGER, exc.retry_after)
            if exc.verdict.id not in _EXPECTED:
                asked.progress(Note(joined((sentence(exc.message), _(_AGAIN))), warning=True))
    raise SignInNeeded(DEVICE_CODE_NOT_USED, **parameters_of(asked.registration, asked.sign_in_as))
