#include "privacy/kind.h"

namespace pdx::privacy {
namespace {

struct KindRow {
    Kind kind;
    std::string_view code;
    Sensitivity sensitivity;
};

using S = Sensitivity;

constexpr std::array<KindRow, kKindCount> kKinds{{
    {Kind::kResidentId, "resident_id", S::kDirectIdentifier},
    {Kind::kResidentId15, "resident_id_15", S::kDirectIdentifier},
    {Kind::kForeignResidentId, "foreign_resident_id", S::kDirectIdentifier},
    {Kind::kMobile, "mobile", S::kDirectIdentifier},
    {Kind::kLandline, "landline", S::kDirectIdentifier},
    {Kind::kBankCard, "bank_card", S::kDirectIdentifier},
    {Kind::kUscc, "uscc", S::kNonPersonal},
    {Kind::kSoleTraderCode, "sole_trader_code", S::kDirectIdentifier},
    {Kind::kOrgCode, "org_code", S::kNonPersonal},
    {Kind::kEmail, "email", S::kDirectIdentifier},
    {Kind::kPlate, "plate", S::kDirectIdentifier},
    {Kind::kVin, "vin", S::kDirectIdentifier},
    {Kind::kImei, "imei", S::kDirectIdentifier},
    {Kind::kPassport, "passport", S::kDirectIdentifier},
    {Kind::kTravelPermit, "travel_permit", S::kDirectIdentifier},
    {Kind::kIpAddress, "ip_address", S::kDirectIdentifier},
    {Kind::kMacAddress, "mac_address", S::kDirectIdentifier},
    {Kind::kImsi, "imsi", S::kDirectIdentifier},
    {Kind::kIccid, "iccid", S::kDirectIdentifier},
    {Kind::kMeid, "meid", S::kDirectIdentifier},
    {Kind::kHongKongId, "hong_kong_id", S::kDirectIdentifier},
    {Kind::kTaiwanId, "taiwan_id", S::kDirectIdentifier},
    {Kind::kMilitaryId, "military_id", S::kDirectIdentifier},
    {Kind::kPersonName, "person_name", S::kDirectIdentifier},
    {Kind::kAddress, "address", S::kQuasiIdentifier},
    {Kind::kHomeAddress, "home_address", S::kDirectIdentifier},
    {Kind::kOrganisationName, "organisation_name", S::kNonPersonal},
    {Kind::kObjectName, "object_name", S::kNonPersonal},
    {Kind::kAccountNumber, "account_number", S::kDirectIdentifier},
    {Kind::kSocialCard, "social_card", S::kDirectIdentifier},
    {Kind::kStudentRoll, "student_roll", S::kDirectIdentifier},
    {Kind::kMedicalRecord, "medical_record", S::kDirectIdentifier},
    {Kind::kPropertyCertificate, "property_certificate", S::kDirectIdentifier},
    {Kind::kPropertyUnit, "property_unit", S::kDirectIdentifier},
    {Kind::kPersonToken, "person_token", S::kDirectIdentifier},
    {Kind::kMaskedId, "masked_id", S::kQuasiIdentifier},
    {Kind::kChatAccount, "chat_account", S::kDirectIdentifier},
    {Kind::kBirthDate, "birth_date", S::kQuasiIdentifier},
    {Kind::kSex, "sex", S::kQuasiIdentifier},
    {Kind::kEthnicity, "ethnicity", S::kQuasiIdentifier},
    {Kind::kAge, "age", S::kQuasiIdentifier},
    {Kind::kSchoolClass, "school_class", S::kQuasiIdentifier},
    {Kind::kCoordinate, "coordinate", S::kQuasiIdentifier},
    {Kind::kDiagnosis, "diagnosis", S::kSensitive},
    {Kind::kHealthNote, "health_note", S::kSensitive},
    {Kind::kPersonalFinance, "personal_finance", S::kSensitive},
    {Kind::kMovement, "movement", S::kSensitive},
    {Kind::kBeliefOrStatus, "belief_or_status", S::kSensitive},
    {Kind::kLocalNumber, "local_number", S::kDirectIdentifier},
    {Kind::kDate, "date", S::kNonPersonal},
    {Kind::kAmount, "amount", S::kNonPersonal},
    {Kind::kMeasure, "measure", S::kNonPersonal},
    {Kind::kCode, "code", S::kNonPersonal},
    {Kind::kSerialNumber, "serial_number", S::kNonPersonal},
    {Kind::kRegion, "region", S::kNonPersonal},
    {Kind::kCategory, "category", S::kNonPersonal},
    {Kind::kFlag, "flag", S::kNonPersonal},
    {Kind::kDescription, "description", S::kNonPersonal},
    {Kind::kFreeText, "free_text", S::kFreeText},
    {Kind::kUnknown, "unknown", S::kUnknown},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
    }
    return true;
}
static_assert(in_order(), "the table is indexed by the enumerator");

constexpr std::array<Sensitivity, 7> kSensitivities{
    S::kNonPersonal, S::kConfidential,     S::kQuasiIdentifier, S::kFreeText,
    S::kSensitive,   S::kDirectIdentifier, S::kUnknown};

}  // namespace

std::string_view kind_code(Kind kind) { return kKinds.at(static_cast<std::size_t>(kind)).code; }

std::optional<Kind> parse_kind(std::string_view code) {
    for (const KindRow& row : kKinds) {
        if (row.code == code) return row.kind;
    }
    return std::nullopt;
}

std::string_view sensitivity_code(Sensitivity sensitivity) {
    switch (sensitivity) {
        case S::kNonPersonal: return "non_personal";
        case S::kConfidential: return "confidential";
        case S::kQuasiIdentifier: return "quasi_identifier";
        case S::kFreeText: return "free_text";
        case S::kSensitive: return "sensitive";
        case S::kDirectIdentifier: return "direct_identifier";
        case S::kUnknown: return "unknown";
    }
    return "unknown";
}

std::optional<Sensitivity> parse_sensitivity(std::string_view code) {
    for (const Sensitivity sensitivity : kSensitivities) {
        if (sensitivity_code(sensitivity) == code) return sensitivity;
    }
    return std::nullopt;
}

std::optional<Sensitivity> parse_declared_class(std::string_view letter) {
    if (letter == "D") return S::kDirectIdentifier;
    if (letter == "Q") return S::kQuasiIdentifier;
    if (letter == "S") return S::kSensitive;
    if (letter == "B") return S::kConfidential;
    if (letter == "N") return S::kNonPersonal;
    return std::nullopt;
}

bool is_quantity(Kind kind) {
    return kind == Kind::kAmount || kind == Kind::kMeasure || kind == Kind::kAge ||
           kind == Kind::kPersonalFinance;
}

Sensitivity default_sensitivity(Kind kind) {
    return kKinds.at(static_cast<std::size_t>(kind)).sensitivity;
}

}  // namespace pdx::privacy
