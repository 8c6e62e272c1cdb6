"""A user at a real browser: headless Chromium goes through sign-in and consent.

It is also a program that takes the place of the user's browser:
    BROWSER="PYTHON /path/to/tests/bed/browser.py %s" BED_USER=alice@example.test BED_ACT=allow
It returns at once, as xdg-open does, and goes on in the background. It adds its result to the file
that BED_BROWSER_LOG names.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

if __name__ == "__main__":  # run by its path: then its own folder is looked through, not tests/
    sys.path[0] = str(Path(__file__).resolve().parents[1])
from bed import leash
from bed.users import ALICE, PASSWORDS, Act

WAIT_SECONDS = 20
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # Chromium's sandbox refuses root
    "--disable-dev-shm-usage",  # a container's /dev/shm is small
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
)


def consent(url: str, user: str, act: Act = "allow") -> str:
    """Sign in, allow or deny, and return the last address of the browser.

    The demo's page has no sign-in, so it needs no user.
    """
    with chromium() as driver:
        driver.get(url)
        if user:
            _sign_in(driver, user)
        _click(driver, act)
        _wait_for_departure(driver, url)
        return driver.current_url


def error_page_of(url: str, user: str, act: Act = "allow") -> str:
    """Sign in, allow or deny; return the address of the error page at the end.

    It shows one if nothing answers at the redirect URI.
    """
    with chromium() as driver:
        driver.get(url)
        _sign_in(driver, user)
        _click(driver, act)
        _wait_for_departure(driver, url)
        wait = WebDriverWait(driver, WAIT_SECONDS)
        wait.until(lambda driver: "ERR_CONNECTION_REFUSED" in driver.page_source)
        return driver.current_url


def type_code(page: str, user_code: str, user: str, act: Act = "allow") -> str:
    """Type a user code on its page, sign in, allow or deny; return the last page's text."""
    with chromium() as driver:
        driver.get(page)
        driver.find_element(By.NAME, "user_code").send_keys(user_code)
        _click(driver, "go")
        _wait_for(driver, "code")  # the page that asks whether it is the right device
        _click(driver, "go")
        _sign_in(driver, user)
        _click(driver, act)
        WebDriverWait(driver, WAIT_SECONDS).until(
            lambda driver: not driver.find_elements(By.ID, "allow")
        )
        return driver.find_element(By.TAG_NAME, "body").text


class _LeashedDriver(Service):
    """Debian's chromedriver, on a leash: else it and Chromium would outlive a killed test run."""

    def command_line_args(self) -> list[str]:
        return [leash.__file__, "/usr/bin/chromedriver", *super().command_line_args()]


@contextmanager
def chromium() -> Iterator[WebDriver]:
    """Start a headless Chromium that accepts any certificate."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in OPTIONS:
        options.add_argument(option)
    # Both the bed's and the program's own https://localhost have certificates nobody knows.
    options.accept_insecure_certs = True
    driver = webdriver.Chrome(options=options, service=_LeashedDriver(sys.executable))
    try:
        driver.set_page_load_timeout(WAIT_SECONDS)
        yield driver
    finally:
        driver.quit()


def _sign_in(driver: WebDriver, user: str) -> None:
    _wait_for(driver, "password")
    login = driver.find_element(By.ID, "login")
    login.clear()
    login.send_keys(user)
    driver.find_element(By.ID, "password").send_keys(PASSWORDS[user])
    _click(driver, "submit")


def _click(driver: WebDriver, element_id: str) -> None:
    _wait_for(driver, element_id)
    driver.find_element(By.ID, element_id).click()


def _wait_for(driver: WebDriver, element_id: str) -> None:
    wait = WebDriverWait(driver, WAIT_SECONDS)
    try:
        wait.until(lambda driver: driver.find_elements(By.ID, element_id))
    except TimeoutException as error:
        text = driver.find_element(By.TAG_NAME, "body").text
        raise TimeoutException(f"no #{element_id} on this page: {text}") from error


def _wait_for_departure(driver: WebDriver, url: str) -> None:
    """Wait until the browser is at the program's own address or shows an error."""

    def is_over(driver: WebDriver) -> bool:
        left = urlsplit(driver.current_url).netloc != urlsplit(url).netloc
        return left or bool(driver.find_elements(By.ID, "error"))

    WebDriverWait(driver, WAIT_SECONDS).until(is_over)


def _without_query(url: str) -> str:
    return url.split("?")[0]


def main(url: str) -> None:
    """Do the work of the detached process; a failure is written to the log."""
    try:
        end = consent(url, os.environ.get("BED_USER", ALICE), _act_from_environment())
        outcome = f"ended at {_without_query(end)}"
    except Exception:
        outcome = traceback.format_exc()
    if log := os.environ.get("BED_BROWSER_LOG"):
        with open(log, "a", encoding="utf-8") as file:
            file.write(outcome + "\n")


def _act_from_environment() -> Act:
    return "deny" if os.environ.get("BED_ACT") == "deny" else "allow"


def _detach(url: str) -> None:
    subprocess.Popen(
        [sys.executable, __file__, "--here", url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


if __name__ == "__main__":
    if sys.argv[1] == "--here":
        main(sys.argv[2])
    else:
        _detach(sys.argv[1])
