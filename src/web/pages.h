/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The handlers that routes.c names. Each answers its request. */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/request.h"

void api_approval(struct web_request *request);
void api_approval_decide(struct web_request *request);
void api_approvals(struct web_request *request);
void api_conduit_switch(struct web_request *request);
void api_conduits(struct web_request *request);
void api_file(struct web_request *request);
void api_inbox(struct web_request *request);
void api_journal(struct web_request *request);
void api_journal_checkpoint(struct web_request *request);
void api_journal_entry(struct web_request *request);
void api_me(struct web_request *request);
void api_outbox(struct web_request *request);
void api_people(struct web_request *request);
void api_person(struct web_request *request);
void api_receipt(struct web_request *request);
void api_token_revoke(struct web_request *request);
void api_tokens(struct web_request *request);
void api_transfer(struct web_request *request);
void api_transfer_begin(struct web_request *request);
void api_transfer_finish(struct web_request *request);
void api_transfer_recall(struct web_request *request);
void api_zones(struct web_request *request);
void api_file_piece(struct web_request *request, const char *name, struct bytes data,
                    uint64_t offset);
void page_account(struct web_request *request);
void page_account_everywhere(struct web_request *request);
void page_account_recovery(struct web_request *request);
void page_account_totp(struct web_request *request);
void page_account_totp_confirm(struct web_request *request);
void page_account_totp_remove(struct web_request *request);
void page_conduit(struct web_request *request);
void page_conduit_add(struct web_request *request);
void page_conduit_change(struct web_request *request);
void page_conduit_new(struct web_request *request);
void page_conduit_switch(struct web_request *request);
void page_department(struct web_request *request);
void page_department_add(struct web_request *request);
void page_department_change(struct web_request *request);
void page_departments(struct web_request *request);
void page_approval(struct web_request *request);
void page_approval_decide(struct web_request *request);
void page_approvals(struct web_request *request);
void page_requests(struct web_request *request);
void page_approvals_decide(struct web_request *request);
void page_emergency(struct web_request *request);
void page_health(struct web_request *request);
void page_holding(struct web_request *request);
void page_holding_deputy(struct web_request *request);
void page_holding_deputy_end(struct web_request *request);
void page_holding_end(struct web_request *request);
void page_home(struct web_request *request);
void page_import(struct web_request *request);
void page_import_apply(struct web_request *request);
void page_import_file(struct web_request *request, const char *name, struct bytes data,
                      uint64_t offset);
void page_import_preview(struct web_request *request);
void page_inbox(struct web_request *request);
void page_item(struct web_request *request);
void page_item_archive(struct web_request *request);
void page_item_lock(struct web_request *request);
void page_item_password(struct web_request *request);
void page_journal(struct web_request *request);
void page_journal_entry(struct web_request *request);
void page_journal_proof(struct web_request *request);
void page_key_add(struct web_request *request);
void page_key_check(struct web_request *request);
void page_key_check_options(struct web_request *request);
void page_key_options(struct web_request *request);
void page_key_remove(struct web_request *request);
void page_language(struct web_request *request);
void page_login(struct web_request *request);
void page_login_try(struct web_request *request);
void page_logout(struct web_request *request);
void page_outbox(struct web_request *request);
void page_password(struct web_request *request);
void page_password_change(struct web_request *request);
void page_people(struct web_request *request);
void page_person(struct web_request *request);
void page_person_add(struct web_request *request);
void page_person_away(struct web_request *request);
void page_person_change(struct web_request *request);
void page_person_directory(struct web_request *request);
void page_person_edit(struct web_request *request);
void page_person_factors(struct web_request *request);
void page_person_new(struct web_request *request);
void page_person_password(struct web_request *request);
void page_person_resume(struct web_request *request);
void page_person_roles(struct web_request *request);
void page_person_suspend(struct web_request *request);
void page_person_unlock(struct web_request *request);
void page_preview(struct web_request *request);
void page_preview_page(struct web_request *request);
void page_recall(struct web_request *request);
void page_receipt(struct web_request *request);
void page_receipt_json(struct web_request *request);
void page_receipt_pdf(struct web_request *request);
void page_rules(struct web_request *request);
void page_rules_save(struct web_request *request);
void page_second(struct web_request *request);
void page_second_check(struct web_request *request);
void page_send(struct web_request *request);
void page_send_file(struct web_request *request, const char *name, struct bytes data,
                    uint64_t offset);
void page_send_finish(struct web_request *request);
void page_send_label(struct web_request *request);
void page_static(struct web_request *request);
void page_token_add(struct web_request *request);
void page_token_revoke(struct web_request *request);
void page_tokens(struct web_request *request);
void page_transfer(struct web_request *request);
void page_transfer_state(struct web_request *request);
void page_zone(struct web_request *request);
void page_zone_add(struct web_request *request);
void page_zone_change(struct web_request *request);
void page_zone_new(struct web_request *request);
void page_zone_switch(struct web_request *request);
void page_zones(struct web_request *request);

/* ---- the policy ---- */

void page_duty(struct web_request *request);
void page_duty_attest(struct web_request *request);
void page_duty_bind(struct web_request *request);
void page_duty_exception(struct web_request *request);
void page_policy(struct web_request *request);
void page_policy_acknowledge(struct web_request *request);
void page_policy_adopt(struct web_request *request);
void page_policy_compare(struct web_request *request);
void page_policy_copy(struct web_request *request);
void page_policy_discard(struct web_request *request);
void page_publication(struct web_request *request);
void page_publication_save(struct web_request *request);
void page_policy_readers(struct web_request *request);
void page_side(struct web_request *request);
void page_side_discard(struct web_request *request);
void page_side_excel(struct web_request *request);
void page_side_upload(struct web_request *request);
void page_policy_upload(struct web_request *request);
void page_policy_version(struct web_request *request);
void page_policy_versions(struct web_request *request);
void page_setup(struct web_request *request);
void page_setup_apply(struct web_request *request);
void page_setup_appoint(struct web_request *request);
void page_setup_correct(struct web_request *request);
void page_setup_correct_save(struct web_request *request);
void page_setup_open(struct web_request *request);
void page_setup_people(struct web_request *request);
void page_setup_understood(struct web_request *request);
void page_setup_upload(struct web_request *request);

struct error;

/* The first step of the set-up again, with what was wrong about the file. */
void page_setup_again(struct web_request *request, const struct error *wrong);

#endif
