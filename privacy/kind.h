#pragma once
/// The vocabulary of detection: what a value or a column can be, and how sensitive that is.
#include <array>
#include <bit>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pdx::privacy {

/// The codes (kind_code) reach policies and delivery records: do not rename; add at the end of a
/// group. Order is of no meaning.
enum class Kind : std::uint8_t {
    // Recognised from the value alone.
    kResidentId,
    kResidentId15,
    kForeignResidentId,
    kMobile,
    kLandline,
    kBankCard,
    kUscc,
    kSoleTraderCode,
    kOrgCode,
    kEmail,
    kPlate,
    kVin,
    kImei,
    kPassport,
    kTravelPermit,
    kIpAddress,
    kMacAddress,
    kImsi,
    kIccid,
    kMeid,
    kHongKongId,
    kTaiwanId,
    kMilitaryId,
    // Chinese text, recognised by words.
    kPersonName,
    kAddress,
    kHomeAddress,
    kOrganisationName,
    kObjectName,
    // No national format: the header or the dictionary must say it.
    kAccountNumber,
    kSocialCard,
    kStudentRoll,
    kMedicalRecord,
    kPropertyCertificate,
    kPropertyUnit,
    kPersonToken,
    kMaskedId,
    kChatAccount,
    kBirthDate,
    kSex,
    kEthnicity,
    kAge,
    kSchoolClass,
    kCoordinate,
    kDiagnosis,
    kHealthNote,
    kPersonalFinance,
    kMovement,
    kBeliefOrStatus,
    kLocalNumber,  ///< of a stated pattern, see pattern_set.h
    // About things.
    kDate,
    kAmount,
    kMeasure,
    kCode,
    kSerialNumber,  ///< the number of the row: 1, 2, ...
    kRegion,
    kCategory,
    kFlag,
    kDescription,
    kFreeText,
    kUnknown,
};
constexpr std::size_t kKindCount = static_cast<std::size_t>(Kind::kUnknown) + 1;

/// Shape: snake_case, for example "resident_id".
std::string_view kind_code(Kind kind);
std::optional<Kind> parse_kind(std::string_view code);

/// Kinds that hold at the same time; a number may look like several.
class KindSet {
public:
    bool has(Kind kind) const { return bits_[static_cast<std::size_t>(kind)]; }
    void add(Kind kind) { bits_.set(static_cast<std::size_t>(kind)); }
    bool empty() const { return bits_.none(); }
    std::size_t size() const { return bits_.count(); }
    /// Calls `take` with each kind of the set.
    template <class Take>
    void for_each(Take take) const {
        for (std::uint64_t bits = bits_.to_ullong(); bits != 0; bits &= bits - 1) {
            take(static_cast<Kind>(std::countr_zero(bits)));
        }
    }
    bool operator==(const KindSet&) const = default;

private:
    static_assert(kKindCount <= 64);
    std::bitset<kKindCount> bits_;
};

/// From least to most strict; unknown is outside the order and delivered to nobody.
/// The numbers reach disk: do not renumber.
enum class Sensitivity : std::uint8_t {
    kNonPersonal = 0,
    kConfidential = 1,  ///< business secrets of organisations
    kQuasiIdentifier = 2,
    kFreeText = 3,
    kSensitive = 4,
    kDirectIdentifier = 5,
    kUnknown = 9,
};

/// Shape: snake_case, for example "direct_identifier".
std::string_view sensitivity_code(Sensitivity sensitivity);
std::optional<Sensitivity> parse_sensitivity(std::string_view code);
/// The letters of the data dictionary: D, Q, S, B, N.
std::optional<Sensitivity> parse_declared_class(std::string_view letter);

/// A quantity, of which t-closeness is measured by distance.
bool is_quantity(Kind kind);

/// What a kind means when nothing else is known about the column.
Sensitivity default_sensitivity(Kind kind);

}  // namespace pdx::privacy
