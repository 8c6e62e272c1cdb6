"""Which quick tests run on Windows, under Wine and elsewhere, and why the others don't.

The rule: a file of tests runs there if what it tests differs between systems, that is files and
folders, locks, the user's profile, the browser and the window, and if it starts few programs: a
start takes about a second under Wine. test_systems.py refuses a file that stands in neither table.
"""

from collections.abc import Mapping

_NAMES = (
    "browser cancel certificate child_environment files find_imapsync gui_about gui_accessibility"
    " gui_answers gui_autostart gui_message_bar gui_icons gui_migration_card gui_options"
    " gui_keep_awake gui_settings gui_single_instance gui_token_folder history installed_browsers"
    " inventory launch live_catalog log paths secret_store systems tokenfile_format"
    " tokenfile_lock gui_power tokenfile_place tokenfile_readers tokenfile_save"
)
FILES = tuple(f"tests/test_{name}.py" for name in _NAMES.split())
LEFT_OUT: Mapping[str, str] = {
    "computes, or compares texts and tables, as on every system": (
        "address admin_consent authorization_response catalog cli_grammar errors expiry face"
        " flat_keeping history_days imapsync_progress keeper model night pasted_response plain_text"
        " qr_code refresh_messages registration resolve response_queue schedule secrets_watch"
        " shipped_providers"
        " times token_answers trouble troubleshooting verdicts worker_threads walk_throughs"
        " import_kinds import_scripts open_requests"
        " own_registration_page"
        " batch_reading"
    ),
    "checks the sources and the release, which are the same everywhere": (
        "documented_commands"
        " build_scripts completion docs exe_icon imports left_out locks release release_inside"
        " security structure wheel workflows"
    ),
    "talks to servers on loopback, and would take minutes": (
        "provider_check ask_owner autoconfig client_authentication code_clients connecting counts"
        " demo_authorization_server demo_imap_server detection detection_pictures device_flow"
        " detection_hosts"
        " discovered_sign_in discovery dns_records flows sign_in_server forget get_token grant"
        " host_limits http"
        " imap_login loop loopback race refresh_request refresh_token_storage renewal sign_in"
        " service_account"
        " app_only client_certificate app_only_on_the_bed"
        " importing other_account other_account_question claims"
    ),
    "starts the program for most tests; tests/wine starts the built programs instead": (
        "call cli cli_device_code cli_options cli_output discover_command doctor doctor_fix"
        " cli_detect"
        " imapsync_command"
        " imapsync_migration imapsync_run interruption refresh_only report run_command run_restarts"
        " run_tokens inspect runner running_imapsyncs secrets standard_input status stop_conditions"
        " import_files request_command talks_to"
        " batch batch_script batch_resumed"
        " register_command register_issuer share_registration"
        " coming_from"
        " guides guides_migration"
        " contract"
        " hooks"
        " awake"
        " admin"
        " schedule_command"
        " schedule_containers"
    ),
    "drives whole windows, and would take minutes": (
        "domain_applications exact_redirect gui_address gui_closing gui_detail gui_header gui_list"
        " gui_device_code gui_log_pane"
        " gui_ask_owner gui_discovery"
        " gui_mailboxes gui_many gui_option_remarks gui_options_used"
        " gui_plain_text gui_protection gui_refreshing"
        " gui_rehearsal gui_run_here gui_run_here_ends gui_save_report gui_settings_dialog"
        " gui_sign_in_queue gui_signals"
        " gui_source_destination gui_start gui_stop_with_imapsync gui_tasks gui_tray"
        " gui_two_sides gui_waiting gui_window gui_other_account"
        " gui_import"
        " gui_app_only"
        " gui_own_registration"
    ),
    "is thorough, and needs servers that Windows hasn't": (
        "bed benchmarks busy_dovecot device_code_on_the_bed discovery_on_the_bed end_to_end"
        " gui_own_registrations"
        " owner_elsewhere"
        " own_registration_on_the_bed"
        " gui_stories gui_whole_migration reliability run_with_imapsync screen_reader screenshots"
    ),
}


def left_out() -> list[str]:
    """The names of the files that don't run on Windows."""
    return [f"test_{name}.py" for names in LEFT_OUT.values() for name in names.split()]
