#include "marketplace/store/audit_tables.h"

#include <array>

namespace pdx::store {
namespace {

using sql::Query;
using Column = AuditedColumn;
using Shape = AuditedShape;
using Table = AuditedTable;

constexpr Query kParties{"audit.parties",
                         "SELECT party_id, party_role, created_at FROM party "
                         "WHERE party_id > ? ORDER BY party_id LIMIT ?"};
constexpr Query kKeys{"audit.party_keys",
                      "SELECT public_key, created_at FROM party_key WHERE party_id = ? "
                      "ORDER BY public_key LIMIT 1000"};
constexpr Query kResources{
    "audit.resources",
    "SELECT resource_id, provider_id, catalog_identifier, security_grade, open_kind, pi_level, "
    "accept_due, review_due, notice_from, notice_until, valid_to, registration_code, accepted_by, "
    "reviewed_by, coded_by, rule_profile, state, version, created_at, updated_at FROM resource "
    "WHERE resource_id > ? ORDER BY resource_id LIMIT ?"};
constexpr Query kDatasets{
    "audit.datasets",
    "SELECT dataset_id, resource_id, version_no, sha256, byte_count, record_count, uploaded_by, "
    "created_at FROM dataset WHERE dataset_id > ? ORDER BY dataset_id LIMIT ?"};
constexpr Query kApplications{
    "audit.applications",
    "SELECT application_id, resource_id, operator_id, provider_id, beneficiary_class, term_from, "
    "term_to, rule_profile, state, version, created_at, updated_at FROM application "
    "WHERE application_id > ? ORDER BY application_id LIMIT ?"};
constexpr Query kFields{"audit.application_fields",
                        "SELECT position, name, operation, decision FROM application_field "
                        "WHERE application_id = ? ORDER BY position LIMIT 10000"};
// The key: one that is kept is told as nothing, and so is one that an ended contract never had. The
// length is of a sealed seed: base/sealed_box.h, app/contract_keys.h.
constexpr Query kContracts{
    "audit.contracts",
    "SELECT c.contract_id, application_id, resource_id, provider_id, authority_id, operator_id, "
    "term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, "
    "CASE WHEN k.contract_id IS NULL AND state IN ('revoked', 'expired', 'terminated') THEN '' "
    "WHEN k.contract_id IS NULL THEN 'missing' "
    "WHEN LENGTH(k.sealed_seed) = 0 AND k.destroyed_at IS NOT NULL THEN 'destroyed' "
    "WHEN k.destroyed_at IS NULL AND (k.sealed_seed IS NULL OR LENGTH(k.sealed_seed) = 72) THEN '' "
    "ELSE 'damaged' END, k.destroyed_at, "
    "state, version, c.created_at, updated_at FROM contract c "
    "LEFT JOIN contract_key k ON k.contract_id = c.contract_id "
    "WHERE c.contract_id > ? ORDER BY c.contract_id LIMIT ?"};
constexpr Query kSignatures{"audit.contract_signatures",
                            "SELECT party_id, public_key, signature, signed_at "
                            "FROM contract_signature WHERE contract_id = ? "
                            "ORDER BY party_id LIMIT 100"};
constexpr Query kShares{"audit.contract_shares",
                        "SELECT position, share_role, party_id, basis_points FROM contract_share "
                        "WHERE contract_id = ? ORDER BY position LIMIT 1000"};
constexpr Query kProducts{
    "audit.products",
    "SELECT product_id, operator_id, contract_id, resource_id, product_kind, state, version, "
    "created_at, updated_at FROM product WHERE product_id > ? ORDER BY product_id LIMIT ?"};
constexpr Query kListings{
    "audit.listings",
    "SELECT listing_id, product_id, operator_id, price_fen, inspection_days, state, version, "
    "created_at, updated_at FROM listing WHERE listing_id > ? ORDER BY listing_id LIMIT ?"};
constexpr Query kOrders{
    "audit.orders",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, amount_fen, "
    "refunded_fen, deliveries, acceptance_due, state, version, created_at, updated_at FROM orders "
    "WHERE order_id > ? ORDER BY order_id LIMIT ?"};
constexpr Query kPayments{"audit.payments",
                          "SELECT amount_fen, paid_at FROM payment "
                          "WHERE order_id = ? ORDER BY reference_key LIMIT 100"};
constexpr Query kPostings{"audit.postings",
                          "SELECT journal_event, debit_key, credit_key, amount_fen FROM posting "
                          "WHERE order_id = ? ORDER BY journal_id, position LIMIT 100000"};
constexpr Query kDeliveries{
    "audit.deliveries",
    "SELECT delivery_id, order_id, contract_id, dataset_id, operator_id, buyer_id, policy_digest, "
    "input_digest, output_digest, output_bytes, output_rows, failure_code, downloads, state, "
    "version, created_at, updated_at FROM delivery WHERE delivery_id > ? "
    "ORDER BY delivery_id LIMIT ?"};
constexpr Query kStatistics{
    "audit.statistics",
    "SELECT statistic_id, contract_id, resource_id, dataset_id, operator_id, input_digest, "
    "query_text, query_digest, epsilon_millionths, rho_millionths, delta_trillionths, "
    "answer_text, answer_digest, state, version, created_at, updated_at FROM statistic "
    "WHERE statistic_id > ? ORDER BY statistic_id LIMIT ?"};
constexpr Query kReversals{
    "audit.token_reversals",
    "SELECT token_reversal_id, contract_id, provider_id, authority_id, operator_id, requester_id, "
    "field_name, ground, token_count, known_count, state, version, created_at, updated_at "
    "FROM token_reversal WHERE token_reversal_id > ? ORDER BY token_reversal_id LIMIT ?"};
constexpr Query kSettlements{
    "audit.settlements",
    "SELECT settlement_id, order_id, gross_fen, state, version, created_at, updated_at "
    "FROM settlement WHERE settlement_id > ? ORDER BY settlement_id LIMIT ?"};
constexpr Query kLines{"audit.settlement_lines",
                       "SELECT position, share_role, party_id, basis_points, amount_fen, "
                       "refunded_fen, paid_fen FROM settlement_line WHERE settlement_id = ? "
                       "ORDER BY position LIMIT 1000"};
constexpr Query kDisputes{
    "audit.disputes",
    "SELECT dispute_id, order_id, claimant_id, respondent_id, reason, claimed_fen, held_fen, "
    "refund_fen, order_state, evidence, arbitrator_id, state, version, created_at, updated_at "
    "FROM dispute WHERE dispute_id > ? ORDER BY dispute_id LIMIT ?"};
constexpr Query kAccounts{"audit.accounts",
                          "SELECT account_key, balance_fen, postings FROM account "
                          "WHERE account_key > ? ORDER BY account_key LIMIT ?"};

// The two lengths are of a wrapped key, and of the shortest sealed part: base/sealed_box.h,
// app/private_vault.h.
constexpr Query kPrivateParts{
    "audit.private_parts",
    "SELECT commitment, log_index, kind, entity_type, entity_id, "
    "CASE WHEN wrapped_key IS NULL AND sealed_part IS NULL THEN 'erased' "
    "WHEN LENGTH(wrapped_key) = 72 AND LENGTH(sealed_part) > 72 THEN 'kept' ELSE 'damaged' END, "
    "recorded_at, erased_at, erasure_reason FROM private_part WHERE commitment > ? "
    "ORDER BY commitment LIMIT ?"};

constexpr std::array kQueries{kParties,     kKeys,      kResources,  kDatasets, kApplications,
                              kFields,      kContracts, kSignatures, kShares,   kProducts,
                              kListings,    kOrders,    kPayments,   kPostings, kDeliveries,
                              kSettlements, kLines,     kDisputes,   kAccounts, kPrivateParts,
                              kStatistics,  kReversals};

constexpr Column kState{"state"};
constexpr Column kVersion{"version", Shape::kInteger};
constexpr Column kCreated{"created_at", Shape::kTime};
constexpr Column kUpdated{"updated_at", Shape::kTime};

/// What is registered, and who.
std::vector<Table> registry_tables() {
    return {
        {{"party", {"keys"}, {}}, kParties, {{"role"}, kCreated}, {{"keys", kKeys, 1, {kCreated}}}},
        {{"resource", {}, {}},
         kResources,
         {{"provider_id"},
          {"catalog_identifier"},
          {"security_grade"},
          {"open_kind"},
          {"pi_level"},
          {"accept_due"},
          {"review_due"},
          {"notice_from"},
          {"notice_until"},
          {"valid_to"},
          {"registration_code"},
          {"accepted_by"},
          {"reviewed_by"},
          {"coded_by"},
          {"rule_profile"},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {}},
        {{"dataset", {}, {}},
         kDatasets,
         {{"resource_id"},
          {"version_no", Shape::kInteger},
          {"sha256", Shape::kHex},
          {"bytes", Shape::kInteger},
          {"rows", Shape::kInteger},
          {"uploaded_by"},
          kCreated},
         {}},
        {{"application", {"fields"}, "fields"},
         kApplications,
         {{"resource_id"},
          {"operator_id"},
          {"provider_id"},
          {"beneficiary_class"},
          {"term_from"},
          {"term_to"},
          {"rule_profile"},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {{"fields", kFields, 1, {{"name"}, {"operation"}, {"decision"}}}}},
    };
}

/// What is authorized and offered.
std::vector<Table> authorization_tables() {
    return {
        {{"contract", {"signatures", "shares"}, {}},
         kContracts,
         {{"application_id"},
          {"resource_id"},
          {"provider_id"},
          {"authority_id"},
          {"operator_id"},
          {"term_from"},
          {"term_to"},
          {"text_digest", Shape::kSha256},
          {"text_digest", Shape::kHex},
          {"policy_digest", Shape::kSha256},
          {"policy_digest", Shape::kHex},
          {"price_ceiling", Shape::kDecimal},
          {"key"},
          {"key_destroyed_at", Shape::kTime},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {{"signatures",
           kSignatures,
           1,
           {{"public_key", Shape::kBase64},
            {"signature", Shape::kBase64},
            {"signed_at", Shape::kTime}}},
          {"shares", kShares, 1, {{"role"}, {"party_id"}, {"basis_points", Shape::kInteger}}}}},
        {{"product", {}, {}},
         kProducts,
         {{"operator_id"},
          {"contract_id"},
          {"resource_id"},
          {"kind"},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {}},
        {{"listing", {}, {}},
         kListings,
         {{"product_id"},
          {"operator_id"},
          {"price", Shape::kDecimal},
          {"inspection_days", Shape::kInteger},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {}},
    };
}

/// What is traded.
std::vector<Table> trade_tables() {
    return {
        {{"order", {"payment", "postings"}, {}},
         kOrders,
         {{"listing_id"},
          {"product_id"},
          {"contract_id"},
          {"operator_id"},
          {"buyer_id"},
          {"amount", Shape::kDecimal},
          {"refunded", Shape::kDecimal},
          {"deliveries", Shape::kInteger},
          {"acceptance_due"},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {{"payment", kPayments, 0, {{"amount", Shape::kDecimal}, {"paid_at", Shape::kTime}}},
          {"postings", kPostings, 3, {}}}},
        {{"delivery", {}, {}},
         kDeliveries,
         {{"order_id"},
          {"contract_id"},
          {"dataset_id"},
          {"operator_id"},
          {"buyer_id"},
          {"policy_digest", Shape::kHex},
          {"input_digest", Shape::kHex},
          {"output_digest", Shape::kHex},
          {"output_bytes", Shape::kDecimal},
          {"output_rows", Shape::kDecimal},
          {"failure_code"},
          {"downloads", Shape::kInteger},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {}},
        {{"statistic", {}, {}},
         kStatistics,
         {{"contract_id"},
          {"resource_id"},
          {"dataset_id"},
          {"operator_id"},
          {"input_digest", Shape::kHex},
          {"query_digest", Shape::kSha256},
          {"query_digest", Shape::kHex},
          {"epsilon_millionths", Shape::kInteger},
          {"rho_millionths", Shape::kInteger},
          {"delta_trillionths", Shape::kInteger},
          {"answer_digest", Shape::kSha256},
          {"answer_digest", Shape::kHex},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {}},
        {{"token_reversal", {}, {}},
         kReversals,
         {{"contract_id"},
          {"provider_id"},
          {"authority_id"},
          {"operator_id"},
          {"requester_id"},
          {"field"},
          {"ground"},
          {"token_count", Shape::kInteger},
          {"known_count", Shape::kInteger},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {}},
    };
}

/// What is owed.
std::vector<Table> money_tables() {
    return {
        {{"settlement", {"lines"}, {}},
         kSettlements,
         {{"order_id"}, {"gross", Shape::kDecimal}, kState, kVersion, kCreated, kUpdated},
         {{"lines",
           kLines,
           1,
           {{"role"},
            {"party_id"},
            {"basis_points", Shape::kInteger},
            {"amount", Shape::kDecimal},
            {"refunded", Shape::kDecimal},
            {"paid", Shape::kDecimal}}}}},
        {{"dispute", {}, {}},
         kDisputes,
         {{"order_id"},
          {"claimant_id"},
          {"respondent_id"},
          {"reason"},
          {"claimed", Shape::kDecimal},
          {"held", Shape::kDecimal},
          {"refund", Shape::kDecimal},
          {"order_state"},
          {"evidence", Shape::kJson},
          {"arbitrator_id"},
          kState,
          kVersion,
          kCreated,
          kUpdated},
         {}},
        {{"account", {}, {}},
         kAccounts,
         {{"balance", Shape::kDecimal}, {"postings", Shape::kInteger}},
         {}},
    };
}

/// What the ledger only commits to: whether it is there.
std::vector<Table> private_tables() {
    return {
        {{"private_part", {}, {}},
         kPrivateParts,
         {{"log_index", Shape::kInteger},
          {"kind"},
          {"entity_type"},
          {"entity_id"},
          {"texts"},
          {"recorded_at", Shape::kTime},
          {"erased_at", Shape::kTime},
          {"reason"}},
         {},
         Shape::kHex},
    };
}

}  // namespace

const std::vector<AuditedTable>& audited_tables() {
    static const std::vector<Table> all = [] {
        std::vector<Table> joined;
        for (const auto& part : {registry_tables(), authorization_tables(), trade_tables(),
                                 money_tables(), private_tables()}) {
            joined.insert(joined.end(), part.begin(), part.end());
        }
        return joined;
    }();
    return all;
}

std::span<const Query> audit_queries() { return kQueries; }

}  // namespace pdx::store
