#pragma once
/// A data resource as it is registered: values and the rules that need nothing else. What the
/// marketplace owns the vocabulary of (registration state, security grade, opening, level of
/// personal information, class of a field) is kept here as the wire name that
/// marketplace/domain/terms.h gives it; the rest of the vocabulary is below.
/// Source: 公共数据资源登记管理暂行办法 (发改数据规〔2025〕26号); data dictionary 5.1; GB/T
/// 21063.3.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "base/time.h"

namespace pdx::catalog {

/// One row of a vocabulary: value, wire name (stable), label of the catalog guides.
template <class Enum>
struct Name {
    Enum value;
    std::string_view wire;
    std::string_view label_zh;
};

/// 来源: how the holder came by the data.
enum class SourceKind { kSelfProduced, kCollectedByLaw, kShared, kAuthorized, kByAgreement };
inline constexpr auto kSourceKindNames = std::to_array<Name<SourceKind>>({
    {SourceKind::kSelfProduced, "self_produced", "自行产生"},
    {SourceKind::kCollectedByLaw, "collected_by_law", "依法收集"},
    {SourceKind::kShared, "shared", "共享获得"},
    {SourceKind::kAuthorized, "authorized", "授权获得"},
    {SourceKind::kByAgreement, "by_agreement", "协议获得"},
});
constexpr std::span<const Name<SourceKind>> names_of(SourceKind) { return kSourceKindNames; }

/// 共享属性: between departments.
enum class SharingKind { kUnconditional, kConditional, kProhibited };
inline constexpr auto kSharingKindNames = std::to_array<Name<SharingKind>>({
    {SharingKind::kUnconditional, "unconditional", "无条件共享"},
    {SharingKind::kConditional, "conditional", "有条件共享"},
    {SharingKind::kProhibited, "prohibited", "不予共享"},
});
constexpr std::span<const Name<SharingKind>> names_of(SharingKind) { return kSharingKindNames; }

/// 获取方式, as the national registry names it.
enum class AccessMethod { kOpen, kAuthorizedOperation, kApply };
inline constexpr auto kAccessMethodNames = std::to_array<Name<AccessMethod>>({
    {AccessMethod::kOpen, "open", "直接开放"},
    {AccessMethod::kAuthorizedOperation, "authorized_operation", "授权运营"},
    {AccessMethod::kApply, "apply", "依申请获取"},
});
constexpr std::span<const Name<AccessMethod>> names_of(AccessMethod) { return kAccessMethodNames; }

/// 更新周期.
enum class UpdateFrequency {
    kRealTime,
    kHourly,
    kDaily,
    kWeekly,
    kMonthly,
    kQuarterly,
    kEachTerm,
    kHalfYearly,
    kYearly,
    kIrregular,
    kNever,
};
inline constexpr auto kUpdateFrequencyNames = std::to_array<Name<UpdateFrequency>>({
    {UpdateFrequency::kRealTime, "real_time", "实时"},
    {UpdateFrequency::kHourly, "hourly", "每小时"},
    {UpdateFrequency::kDaily, "daily", "每日"},
    {UpdateFrequency::kWeekly, "weekly", "每周"},
    {UpdateFrequency::kMonthly, "monthly", "每月"},
    {UpdateFrequency::kQuarterly, "quarterly", "每季度"},
    {UpdateFrequency::kEachTerm, "each_term", "每学期"},
    {UpdateFrequency::kHalfYearly, "half_yearly", "每半年"},
    {UpdateFrequency::kYearly, "yearly", "每年"},
    {UpdateFrequency::kIrregular, "irregular", "不定期"},
    {UpdateFrequency::kNever, "never", "历史数据"},
});
constexpr std::span<const Name<UpdateFrequency>> names_of(UpdateFrequency) {
    return kUpdateFrequencyNames;
}

template <class Enum>
constexpr std::string_view wire_name(Enum value) {
    for (const auto& name : names_of(value)) {
        if (name.value == value) {
            return name.wire;
        }
    }
    return {};
}
template <class Enum>
constexpr std::string_view label_zh(Enum value) {
    for (const auto& name : names_of(value)) {
        if (name.value == value) {
            return name.label_zh;
        }
    }
    return {};
}
template <class Enum>
constexpr std::optional<Enum> parse_wire(std::string_view wire) {
    for (const auto& name : names_of(Enum{})) {
        if (name.wire == wire) {
            return name.value;
        }
    }
    return std::nullopt;
}
template <class Enum>
constexpr std::optional<Enum> parse_label_zh(std::string_view label) {
    for (const auto& name : names_of(Enum{})) {
        if (name.label_zh == label) {
            return name.value;
        }
    }
    return std::nullopt;
}

/// 数据项. `data_type` is the holder's own words: char(18), code(GB/T 2260), decimal(10,6).
struct ResourceField {
    std::string name;
    std::string label_zh;
    std::string data_type;
    std::optional<std::int64_t> length;  ///< Unit: characters
    std::string declared_class;          ///< wire name of domain::FieldClass; empty = not declared
    bool operator==(const ResourceField&) const = default;
};

struct Resource {
    ResourceId id;
    PartyId provider;
    std::string catalog_identifier;
    std::string title_zh;
    std::string title_en;
    std::string summary_zh;
    std::string summary_en;
    std::string keywords;  ///< separated by spaces
    SourceKind source_kind = SourceKind::kSelfProduced;
    std::string source_statement;  ///< 合法合规性说明
    SharingKind sharing_kind = SharingKind::kConditional;
    std::string open_kind;       ///< wire name of domain::OpenKind
    std::string security_grade;  ///< wire name of domain::SecurityGrade
    std::string pi_level;        ///< wire name of domain::PersonalDataLevel
    AccessMethod access_method = AccessMethod::kAuthorizedOperation;
    UpdateFrequency update_frequency = UpdateFrequency::kIrregular;
    std::string industry_code;  ///< GB/T 4754-2017; may be empty
    std::string topic;
    std::string state;         ///< wire name of domain::RegistrationState
    std::string state_reason;  ///< why it was returned, refused, terminated; public
    std::optional<PartyId> accepted_by;
    std::optional<PartyId> reviewed_by;
    std::optional<PartyId> coded_by;
    std::string registration_code;  ///< empty until coded
    std::string rule_profile;       ///< name and version under which the deadlines were set
    std::optional<Date> accept_due;
    std::optional<Date> review_due;
    std::optional<Date> notice_from;
    std::optional<Date> notice_until;
    std::optional<Date> valid_to;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
    bool operator==(const Resource&) const = default;
};

/// Limits of one registration. Unit: characters, except the counts.
inline constexpr std::size_t kTitleCharactersMax = 100;  // 26号, data name
inline constexpr std::size_t kSummaryCharactersMax = 2000;
inline constexpr std::size_t kKeywordsCharactersMax = 300;
inline constexpr std::size_t kStatementCharactersMax = 2000;
inline constexpr std::size_t kFieldNameCharactersMax = 64;
inline constexpr std::size_t kFieldLabelCharactersMax = 100;
inline constexpr std::size_t kFieldTypeCharactersMax = 64;
inline constexpr std::size_t kFieldsMax = 1000;

/// Checks what the holder typed; the vocabularies are parsed at the edge already.
/// Returns: every defect, each kInvalid with a `pointer` into the request body (/fields/3/name):
/// "resource.title", ".text", ".identifier", ".fields"; "field.name", ".duplicate", ".label",
/// ".type", ".length". Empty when there is none.
std::vector<Error> defects_of(const Resource& resource, std::span<const ResourceField> fields);

}  // namespace pdx::catalog
