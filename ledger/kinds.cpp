#include "ledger/kinds.h"

#include <nlohmann/json.hpp>

namespace pdx::ledger {
namespace {

// The words are those of marketplace/domain and privacy; a test holds them together.
constexpr std::string_view kWords =
    R"(words role = anonymous data_provider data_authority registry_clerk registry_reviewer
  registry_head operator buyer arbitrator auditor exchange_admin
words registration_state = draft submitted returned not_accepted accepted review_failed notice
  objection coded active terminated expired cancelled revoked
words security_grade = general_1 general_2 general_3 general_4 important core
words open_kind = unconditional conditional prohibited
words personal_data_level = none general sensitive minors
words sensitivity = non_personal confidential quasi_identifier free_text sensitive
  direct_identifier unknown
words sensitivity_profile = pipl_2021 gbt_35273_2020 gbt_45574_2025
words sensitive_category = belief_or_identity medical_health financial_account property whereabouts
  minor
words data_kind = resident_id resident_id_15 foreign_resident_id mobile landline bank_card uscc
  sole_trader_code org_code email plate vin imei passport travel_permit ip_address mac_address
  imsi iccid meid hong_kong_id taiwan_id military_id person_name address home_address
  organisation_name object_name account_number social_card
  student_roll medical_record property_certificate property_unit person_token masked_id
  chat_account birth_date sex ethnicity age school_class coordinate diagnosis health_note
  personal_finance movement belief_or_status local_number date amount measure code
  serial_number region category flag description free_text unknown
words application_state = submitted checked source_decided granted refused withdrawn
words application_event = pass_check fail_check decide_source grant refuse withdraw
words field_decision = grant grant_with_treatment refuse
words beneficiary_class = public_governance public_welfare industry sector
words contract_state = drafted signed_by_operator signed_by_authority in_force suspended revoked
  expired terminated
words contract_event = sign_as_operator sign_as_authority suspend resume revoke expire terminate
words split_role = platform_fee operator source_department_nontax developer third_party tax
words product_kind = dataset api model tool application service report
words product_state = draft submitted approved rejected registered suspended withdrawn
words product_event = submit approve reject register suspend resume withdraw
words listing_state = draft listed suspended delisted
words order_state = placed escrowed delivering delivered rejected accepted settled closed disputed
  cancelled refunded
words journal_event = wallet_funded wallet_withdrawn order_paid order_refunded order_settled
  dispute_held dispute_released dispute_refunded paid_out payout_returned
words delivery_state = requested staged published downloaded failed refused expired
words statistic_state = reserved answered
words token_reversal_state = requested provider_approved authority_approved approved disclosed
  refused lapsed
words token_reversal_ground = safety_of_a_person error_correction court_order data_subject_request
  dispute
words settlement_state = calculated confirmed instructed paid failed reversed
words dispute_state = filed not_accepted accepted answered evidence_locked negotiation mediation
  decided executed closed withdrawn
words dispute_reason = not_delivered access_broken not_as_described quality unlawful_source
  unauthorised_use over_metering duplicate_charge
words erasure_reason = data_subject_request retention_ended court_order
)";

constexpr std::string_view kObjects =
    R"(object resource = accept_due date|null, accepted_by id(party)|null, coded_by id(party)|null,
  notice_from date|null, notice_until date|null, open_kind open_kind, pi_level personal_data_level,
  provider_id id(party), registration_code registration_code_or_empty, review_due date|null,
  reviewed_by id(party)|null, security_grade security_grade, state registration_state,
  valid_to date|null, version integer
object class_counts = confidential? integer, direct_identifier? integer, free_text? integer,
  non_personal? integer, quasi_identifier? integer, sensitive? integer, unknown? integer
object application = application_id id(application), event application_event,
  state application_state, version integer
object asked_field = decision? field_decision, name field_name, operation operation
object contract = state contract_state, version integer
object share = basis_points integer, party_id id_or_empty, role split_role
object product = contract_id id(contract), events [product_event], kind product_kind,
  operator_id id(party), resource_id id(resource), state product_state, version integer
object listing = inspection_days integer, operator_id id(party), price money,
  product_id id(product), state listing_state, version integer
object order = acceptance_due date|null, deliveries integer, order_id id(order), refunded money,
  state order_state, version integer
object posting = amount money, credit account, debit account
object journal = event journal_event, postings [posting]
object delivery = contract_id id(contract), dataset_id id(dataset), delivery_id id(delivery),
  downloads integer, failure_code? code, input_digest digest, order_id id(order),
  output_bytes? count, output_digest? digest, output_rows? count, policy_digest digest,
  state delivery_state, version integer
object masked_column = class sensitivity, empty integer, kind data_kind, masked integer,
  name field_name, operation operation, passed integer, replaced boolean, unreadable integer
object release_risk = classes integer, joint_buyers? integer, joint_releases? integer,
  joint_size_min? integer, k_min integer, level integer, records integer, size_min integer,
  small_records integer, small_subjects integer, subjects integer, unique_classes integer
object delivered_copy = canaries integer, generalisation_steps integer, marked integer
object detector = digest digest, version integer
object text_count = count integer, kind data_kind
object delivered_column = confidence_basis_points integer, replaced_in_text? [text_count],
  +masked_column
object profiled_column = sensitive_category? sensitive_category, +delivered_column
object measured_risk = entropy_l_thousandths? integer, journalist_basis_points integer, l? integer,
  l_min? integer, marketer_basis_points integer, prosecutor_average_basis_points integer,
  prosecutor_basis_points integer, t_basis_points? integer, t_max_basis_points? integer,
  +release_risk
object statistic = contract_id id(contract), dataset_id id(dataset), delta_trillionths integer,
  epsilon_millionths integer, input_digest digest, operator_id id(party), query_digest digest,
  resource_id id(resource), rho_millionths integer, state statistic_state, version integer
object token_reversal = authority_id id(party), contract_id id(contract), operator_id id(party),
  provider_id id(party), state token_reversal_state, version integer
object settlement_line = amount money, basis_points integer, paid money, party_id id_or_empty,
  refunded money, role split_role
object settlement = gross money, lines [settlement_line], order_id id(order),
  settlement_id id(settlement), state settlement_state, version integer
object transfer = amount money, position integer, result one_of(paid failed unknown)
object dispute = dispute_id id(dispute), held money, order_id id(order), order_state order_state,
  refund money|null, state dispute_state, version integer
)";

constexpr std::string_view kKinds =
    R"(kind ledger_key.added 1 on ledger_key:key_id = key verifier_key, valid [verifier_key]
kind ledger_key.retired 1 on ledger_key:key_id = key verifier_key, valid [verifier_key]
kind party.registered 1 on party = role role
kind token.issued 1 on party = expires_at timestamp
kind token.revoked 1 on party = tokens integer
kind party_key.registered 1 on party = public_key public_key
kind resource.registered 1 on resource = catalog_identifier catalog_identifier,
  event one_of(registered), +resource
kind resource.edited 1 on resource = event one_of(edited), +resource
kind resource.submit 1 on resource = event one_of(submit), +resource
kind resource.accept 1 on resource = event one_of(accept), +resource
kind resource.return 1 on resource = event one_of(return), +resource
kind resource.not_accept 1 on resource = event one_of(not_accept), +resource
kind resource.pass_review 1 on resource = event one_of(pass_review), +resource
kind resource.fail_review 1 on resource = event one_of(fail_review), +resource
kind resource.issue_code 1 on resource = event one_of(issue_code), +resource
kind dataset.uploaded 1 on resource = bytes integer, classes class_counts, dataset_id id(dataset),
  received_sha256 digest, rows integer, stored_sha256 digest, version integer
kind dataset.uploaded 2 on resource = bytes integer, classes class_counts, dataset_id id(dataset),
  detector detector, received_sha256 digest, rows integer, stored_sha256 digest, version integer
kind dataset.column_classified 1 on resource = class sensitivity, column field_name,
  dataset_id id(dataset)
kind application.checked 1 on application = beneficiary_class beneficiary_class,
  fields [asked_field], operator_id id(party), provider_id id(party), resource_id id(resource),
  rules [code], term_from date, term_to date, +application
kind application.refused 1 on application = beneficiary_class? beneficiary_class,
  operator_id? id(party), private_commitment? commitment, provider_id? id(party),
  resource_id? id(resource), rules? [code], term_from? date, term_to? date, +application
kind application.source_decided 1 on application = fields [asked_field], +application
kind contract.drafted 1 on contract = application application, authority_id id(party),
  event one_of(draft), operator_id id(party), policy_digest digest, price_ceiling money,
  provider_id id(party), resource_id id(resource), shares [share], term_from date, term_to date,
  text_digest digest, +contract
kind contract.signed 1 on contract = event one_of(sign_as_operator sign_as_authority),
  public_key public_key, signature signature, signer_id id(party), text_digest digest, +contract
kind contract.suspended 1 on contract = event one_of(suspend), private_commitment commitment,
  +contract
kind contract.resumed 1 on contract = event one_of(resume), private_commitment commitment,
  +contract
kind contract.revoked 1 on contract = event one_of(revoke), private_commitment commitment,
  +contract
kind contract.revoked 2 on contract = event one_of(revoke), key one_of(destroyed),
  private_commitment commitment, +contract
kind contract.terminated 1 on contract = event one_of(terminate), key one_of(destroyed),
  private_commitment commitment, +contract
kind contract.expired 1 on contract = event one_of(expire), key one_of(destroyed), +contract
kind product.submitted 1 on product = +product
kind product.registered 1 on product = private_commitment? commitment, +product
kind product.rejected 1 on product = private_commitment? commitment, +product
kind listing.listed 1 on listing = contract_id id(contract), event one_of(list), +listing
kind listing.delisted 1 on listing = event one_of(delist), +listing
kind order.placed 1 on order = amount money, buyer_id id(party), contract_id id(contract),
  listing_id id(listing), operator_id id(party), private_commitment commitment,
  product_id id(product), +order
kind order.paid 1 on order = amount money, journals [journal], private_commitment commitment,
  +order
kind order.cancelled 1 on order = +order
kind order.refunded 1 on order = amount money, journals [journal], +order
kind order.accepted 1 on order = +order
kind order.rejected 1 on order = private_commitment commitment, +order
kind delivery.requested 1 on delivery = order order, +delivery
kind delivery.published 1 on delivery = columns [masked_column]|null, order order,
  report_digest digest, +delivery
kind delivery.published 2 on delivery = columns [masked_column]|null, order order,
  report_digest digest, risk release_risk, +delivery
kind delivery.published 3 on delivery = columns [masked_column]|null, copy delivered_copy,
  order order, report_digest digest, risk? release_risk, +delivery
kind delivery.published 4 on delivery = columns [delivered_column]|null, copy? delivered_copy,
  detector detector, order order, report_digest digest, risk? measured_risk, +delivery
kind delivery.published 5 on delivery = columns [profiled_column]|null, copy? delivered_copy,
  detector detector, order order, report_digest digest, risk? measured_risk,
  sensitivity_profile? sensitivity_profile, +delivery
kind delivery.refused 1 on delivery = dispute? dispute, order order, +delivery
kind delivery.failed 1 on delivery = dispute? dispute, order order, +delivery
kind delivery.downloaded 1 on delivery = buyer_id id(party), +delivery
kind statistic.reserved 1 on statistic = +statistic
kind statistic.answered 1 on statistic = answer_digest digest, +statistic
kind token_reversal.requested 1 on token_reversal = field field_name,
  ground token_reversal_ground, private_commitment commitment, requester_id id(party),
  token_count integer, +token_reversal
kind token_reversal.approved 1 on token_reversal = approver_id id(party), +token_reversal
kind token_reversal.refused 1 on token_reversal = private_commitment commitment,
  refuser_id id(party), +token_reversal
kind token_reversal.lapsed 1 on token_reversal = +token_reversal
kind token_reversal.disclosed 1 on token_reversal = known_count integer, +token_reversal
kind settlement.calculated 1 on settlement = deemed_accepted boolean, journals [journal],
  order order, +settlement
kind settlement.instructed 1 on settlement = order order, +settlement
kind settlement.paid 1 on settlement = journals [journal], order order, transfers [transfer],
  +settlement
kind settlement.payout_failed 1 on settlement = journals [journal], order order,
  transfers [transfer], +settlement
kind settlement.payout_unknown 1 on settlement = journals [journal], order order,
  transfers [transfer], +settlement
kind dispute.filed 1 on dispute = claimant_id id(party), claimed money, journals [journal],
  order order, private_commitment commitment, reason dispute_reason, respondent_id id(party),
  +dispute
kind dispute.accepted 1 on dispute = private_commitment? commitment, +dispute
kind dispute.not_accepted 1 on dispute = journals [journal], order order,
  private_commitment? commitment, settlement? settlement, +dispute
kind dispute.answered 1 on dispute = evidence [integer], private_commitment commitment, +dispute
kind dispute.decided 1 on dispute = evidence [integer], private_commitment commitment, +dispute
kind dispute.executed 1 on dispute = journals [journal], order order, settlement? settlement,
  +dispute
kind private_part.erased 1 on application|contract|dispute|order|product|token_reversal =
  commitment commitment, reason erasure_reason
)";

nlohmann::json to_json(const ObjectSchema& object) {
    nlohmann::json members = nlohmann::json::object();
    for (const FieldSchema& field : object.fields) {
        members[field.name] = {{"type", field.value.text}, {"optional", field.optional}};
    }
    return members;
}

}  // namespace

std::string_view kinds_text() {
    static const std::string text =
        std::string(kWords) + std::string(kObjects) + std::string(kKinds);
    return text;
}

const KindTable& kinds() {
    static const KindTable table = KindTable::parse(kinds_text());
    return table;
}

std::string kinds_json() {
    nlohmann::json objects = nlohmann::json::object();
    for (const auto& [name, object] : kinds().objects()) objects[name] = to_json(*object);
    nlohmann::json list = nlohmann::json::array();
    for (const KindSchema& kind : kinds().kinds()) {
        list.push_back({{"kind", kind.kind},
                        {"v", kind.version},
                        {"entity", kind.entity_types},
                        {"body", to_json(kind.body)}});
    }
    return nlohmann::json{
        {"words", kinds().words()}, {"objects", std::move(objects)}, {"kinds", std::move(list)}}
        .dump();
}

}  // namespace pdx::ledger
