"""THE table of rights: what may be done, by whom, and through which routes.

One row a right. A route that is in no row is refused by the walk over all routes that the test
run does (``cardservice.web.signin.routes``), and so is a row's route that does not ask for its
right. Nothing else decides who may do what; a rule of the field may still refuse the act itself.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final

from cardservice.accounts.roles import Role


@unique
class Right(StrEnum):
    """What can be done; also the scopes of programs."""

    OPEN = "open"
    ACCOUNT = "account"
    ACCOUNTS = "accounts"
    TOKENS = "tokens"
    SETTINGS = "settings"
    APPLICATION_ENTER = "application.enter"
    APPLICATION_OWN = "application.own"
    APPLICATION_UPLOAD = "application.upload"
    APPLICATION_READ = "application.read"
    APPLICATION_DECIDE = "application.decide"
    DOCUMENT_READ = "document.read"
    PERSON_READ = "person.read"
    PERSON_MERGE = "person.merge"
    PERSON_ERASE = "person.erase"
    POLICY_READ = "policy.read"
    POLICY_CHANGE = "policy.change"
    COVERAGE_ASK = "coverage.ask"
    ORDER_READ = "order.read"
    ORDER_MAKE = "order.make"
    ORDER_CHANGE = "order.change"
    CARD_BLOCK = "card.block"
    CARD_UNBLOCK = "card.unblock"
    CARD_SERVE = "card.serve"
    CARD_HAND_OVER = "card.hand-over"
    DELIVERY = "delivery"
    STOCK = "stock"
    PLACE_EDIT = "place.edit"
    CLINIC_DESK = "clinic.desk"
    COMPLAINT_ANSWER = "complaint.answer"
    ABUSE = "abuse"
    AUDIT_READ = "audit.read"
    KEYS = "keys"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class Row:
    """One right: who has it, and the names of the routes that ask for it."""

    right: Right
    roles: frozenset[Role]
    routes: tuple[str, ...] = ()


def _row(right: Right, *roles: Role, routes: str = "") -> Row:
    return Row(right, frozenset(roles), tuple(routes.split()))


_R: Final = Role
# An administrator runs the service and sees no person; a security officer and an auditor see
# what was done, not whom for. Who decides may also enter and hand over. Where a right moves
# something, the tables of lives say the same of its roles.
TABLE: Final = (
    _row(
        Right.OPEN,
        *Role,
        routes="api_list_places api_show_place api_list_free_times api_search_organisations "
        "api_show_organisation api_file_complaint api_file_open_complaint "
        "api_ask_status openapi tell_health tell_office_health show_front send_asset send_style "
        "describe_problem "
        "show_sign_in sign_in show_second_factor take_second_factor "
        "show_applicant_sign_in send_applicant_code show_applicant_code take_applicant_code "
        "begin_openid finish_openid sign_out "
        "show_apply send_apply show_status send_status show_lost show_points show_clinics "
        "show_complaint_form send_complaint_form send_complaint_number "
        "clinic_tell_fhir clinic_tell_health clinic_tell_ready clinic_tell_metrics "
        "clinic_preview_code clinic_enrol_desk clinic_give_token clinic_tell_time "
        "clinic_tell_trust clinic_send_list "
        # The desk of a clinic stands alone and has no accounts: its page answers only under the
        # names it was started for, and shows only the card that lies on its reader.
        "show_desk send_events take_number tap_card lift_card read_desk "
        "ask_photo confirm_photo state_birth_date refuse_bearer take_scan ask_register put_away "
        "send_photo send_sheet show_pairings "
        # Pages of clinic systems on the same machine show a token that is bound to their origin.
        "local_preflight local_begin_pairing local_confirm_pairing local_readers local_verdict "
        "local_number local_client local_client_types local_stream",
    ),
    _row(
        Right.ACCOUNT,
        *(set(Role) - {Role.APPLICANT}),
        routes="show_account sign_out_everywhere show_password change_password "
        "show_enrolment begin_enrolment finish_enrolment remove_second_factor",
    ),
    _row(
        Right.ACCOUNTS,
        _R.ADMINISTRATOR,
        routes="show_staff show_new_staff send_new_staff show_staff_account send_staff_roles "
        "send_staff_lock send_staff_unlock send_staff_password send_staff_factor_reset "
        "send_staff_sessions_end",
    ),
    _row(
        Right.TOKENS,
        _R.ADMINISTRATOR,
        _R.SECURITY_OFFICER,
        routes="show_tokens show_new_token send_new_token send_token_end",
    ),
    _row(Right.SETTINGS, _R.ADMINISTRATOR),
    _row(
        Right.APPLICATION_ENTER,
        _R.CLERK,
        _R.APPROVER,
        routes="api_book_time api_end_booking "
        "api_start_application api_save_application api_check_application "
        "api_submit_application api_ask_for_documents api_bring_documents "
        "api_withdraw_application api_attach_document api_attach_photo "
        "api_detach_document api_issue_certificate "
        "api_file_application api_use_up_certificate "
        "show_case_step send_case_step show_attachment send_attachment "
        "send_certificate show_duplicate send_duplicate "
        "show_enter send_enter show_entered show_entered_step send_entered_step "
        "send_entered_document send_entered_photo",
    ),
    _row(
        Right.APPLICATION_OWN,
        _R.APPLICANT,
        routes="api_list_own_bookings api_book_own_time api_end_own_booking "
        "api_list_own_complaints api_file_own_complaint api_withdraw_own_complaint "
        "api_list_own_cards "
        "api_show_own_application api_save_own_application api_check_own_application "
        "api_submit_own_application api_attach_own_document api_attach_own_photo "
        "api_detach_own_document api_send_own_scan "
        "api_bring_own_documents api_withdraw_own_application "
        "show_own show_own_step show_own_more send_own_step send_own_document send_own_photo "
        "send_own_detachment "
        "send_own_brought send_own_withdrawal show_own_application_paper "
        "show_own_certificate_paper show_own_booking send_own_booking send_own_booking_end "
        "show_own_cards send_own_duplicate",
    ),
    _row(
        Right.APPLICATION_UPLOAD,
        _R.EMPLOYER,
        _R.CLERK,
        _R.APPROVER,
        routes="api_receive_table api_list_uploads api_show_upload api_list_upload_rows "
        "show_uploads send_table show_upload show_bad_rows show_table_template",
    ),
    _row(
        Right.APPLICATION_READ,
        _R.CLERK,
        _R.APPROVER,
        routes="api_list_bookings api_show_booking "
        "api_list_applications api_show_application api_show_certificate "
        "show_queue find_application show_case show_form_paper show_certificate_paper",
    ),
    _row(
        Right.APPLICATION_DECIDE,
        _R.APPROVER,
        routes="api_approve_application api_refuse_application "
        "send_approval show_refusal send_refusal",
    ),
    _row(
        Right.DOCUMENT_READ,
        _R.CLERK,
        _R.APPROVER,
        routes="api_show_document api_send_scan show_scan",
    ),
    _row(
        Right.PERSON_READ,
        _R.CLERK,
        _R.APPROVER,
        routes="api_search_people api_show_person api_export_person api_similar_people "
        "api_propose_merge api_propose_erasure "
        "show_people send_people_search show_person show_similar "
        "show_comparison send_merge_proposal send_person_export "
        "send_erasure_proposal",
    ),
    _row(
        Right.PERSON_MERGE,
        _R.APPROVER,
        routes="api_merge_people send_merge",
    ),
    _row(
        Right.PERSON_ERASE,
        _R.SECURITY_OFFICER,
        routes="api_erase_person show_erasures find_erasure show_erasure send_erasure",
    ),
    _row(
        Right.POLICY_READ,
        _R.CLERK,
        _R.APPROVER,
        routes="api_show_policy",
    ),
    _row(
        Right.POLICY_CHANGE,
        _R.CLERK,
        _R.APPROVER,
        routes="api_correct_person api_move_policy api_change_insurer "
        "show_correction send_correction show_insurer_change "
        "send_insurer_change show_policy_move send_policy_move",
    ),
    _row(
        Right.COVERAGE_ASK,
        _R.CLINIC,
        _R.CLERK,
        _R.APPROVER,
        routes="api_ask_coverage api_verify_certificate "
        "clinic_open_card_session clinic_answer_card_session clinic_end_card_session "
        "clinic_stream_card_sessions clinic_judge_card_files clinic_verify_statement "
        "clinic_renew_terminal clinic_take_presentations clinic_ask_status clinic_ask_substitute "
        "clinic_submit_fhir clinic_search_fhir_by_form clinic_read_fhir clinic_search_fhir",
    ),
    _row(
        Right.ORDER_READ,
        _R.CLERK,
        _R.APPROVER,
        _R.STATION,
        routes="api_list_orders api_show_order api_show_dispatch_list api_send_card_face "
        "api_make_print_file "
        "show_order show_card_face show_print_file send_print_file",
    ),
    _row(
        Right.ORDER_MAKE,
        _R.STATION,
        routes="api_lease_order api_renew_lease api_give_back_order api_report_personalized "
        "api_report_updated api_report_served api_show_order_to_make api_send_order_photo",
    ),
    _row(
        Right.ORDER_CHANGE,
        _R.CLERK,
        _R.APPROVER,
        _R.STATION,
        routes="api_spoil_order api_queue_order_again api_cancel_order api_dispatch_orders "
        "send_dispatch send_order_change",
    ),
    _row(
        Right.CARD_BLOCK,
        _R.CLERK,
        _R.APPROVER,
        _R.SECURITY_OFFICER,
        _R.APPLICANT,
        routes="api_show_card api_find_card api_block_card api_report_card "
        "api_terminate_card "
        "show_card show_card_change send_card_change send_own_loss",
    ),
    _row(
        Right.CARD_UNBLOCK,
        _R.APPROVER,
        _R.SECURITY_OFFICER,
        routes="api_unblock_card show_card_unblocking send_card_unblocking",
    ),
    _row(
        Right.CARD_SERVE,
        _R.CLERK,
        _R.APPROVER,
        routes="api_order_card_service show_card_service send_card_service",
    ),
    _row(
        Right.CARD_HAND_OVER,
        _R.CLERK,
        _R.APPROVER,
        _R.COURIER,
        routes="api_find_hand_over api_show_hand_over api_hand_over api_show_receipt "
        "api_show_day_at_place "
        "show_hand_over send_hand_over_search show_hand_over_check send_hand_over "
        "show_receipt tell_reader",
    ),
    _row(
        Right.DELIVERY,
        _R.CLERK,
        _R.APPROVER,
        _R.COURIER,
        routes="api_list_dispatch_lists api_list_deliveries api_arrive_orders "
        "show_delivery show_dispatch_list send_arrival",
    ),
    _row(
        Right.STOCK,
        _R.CLERK,
        _R.STATION,
        routes="api_show_stock api_show_stock_at_station api_list_stock_movements "
        "api_show_stock_movement api_receive_blanks api_move_blanks api_list_own_blanks",
    ),
    _row(
        Right.PLACE_EDIT,
        _R.CLERK,
        _R.ADMINISTRATOR,
        routes="api_add_place api_change_place api_close_place api_open_times "
        "api_add_organisation api_change_organisation api_leave_programme "
        "show_points_edited show_new_point send_new_point show_point send_point "
        "send_point_closing send_point_times show_clinics_edited show_new_clinic send_new_clinic "
        "show_clinic send_clinic send_clinic_leaving",
    ),
    _row(
        Right.CLINIC_DESK,
        _R.CLERK,
        _R.ADMINISTRATOR,
        _R.SECURITY_OFFICER,
        routes="api_list_clinic_desks api_make_desk_code api_end_clinic_desk "
        "show_clinic_desks send_desk_code send_desk_end",
    ),
    _row(
        Right.COMPLAINT_ANSWER,
        _R.CLERK,
        _R.APPROVER,
        routes="api_enter_complaint api_list_complaints api_show_complaint "
        "api_send_attachment api_answer_complaint api_withdraw_complaint "
        "show_complaints show_complaint send_complaint_answer send_complaint_withdrawal "
        "show_complaint_attachment",
    ),
    _row(
        Right.ABUSE,
        _R.SECURITY_OFFICER,
        routes="api_list_abuse_signs api_show_abuse_sign api_settle_abuse_sign "
        "show_signs show_sign send_sign_settlement",
    ),
    _row(
        Right.AUDIT_READ,
        _R.AUDITOR,
        _R.SECURITY_OFFICER,
        routes="api_list_audit_entries api_show_audit_head api_verify_audit api_list_looks "
        "show_audit show_looks show_audit_lines show_audit_verification",
    ),
    _row(
        Right.KEYS,
        _R.SECURITY_OFFICER,
        routes="api_tell_terminal_term",
    ),
    _row(
        Right.STATISTICS,
        _R.CLERK,
        _R.APPROVER,
        _R.AUDITOR,
        _R.ADMINISTRATOR,
        routes="api_show_order_figures show_orders",
    ),
)

GRANTS: Final = MappingProxyType({row.right: row.roles for row in TABLE})
ROUTES: Final = MappingProxyType({name: row.right for row in TABLE for name in row.routes})


def may(roles: AbstractSet[Role], right: Right) -> bool:
    """Return whether one of ``roles`` has ``right``; a right without a row nobody has."""
    return not GRANTS.get(right, frozenset()).isdisjoint(roles)
