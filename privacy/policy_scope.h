#pragma once
/// What an allow list is about: whose data in which versions, for which purpose, in which forms of
/// product, and on which days. A policy for a file alone has no scope.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace pdx::privacy {

/// Unit: bytes.
inline constexpr std::size_t kPurposeBytesMax = 8'000;
inline constexpr std::size_t kFormsMax = 32;
/// The last version of a dataset that a scope can name.
inline constexpr std::int64_t kVersionsMax = 1'000'000'000;

/// Versions of a dataset, both included; they are counted from one.
struct VersionRange {
    std::int64_t from = 1;
    std::optional<std::int64_t> to{};  ///< nothing: those that are still to come, too
    bool has(std::int64_t version) const { return version >= from && (!to || version <= *to); }
    bool operator==(const VersionRange&) const = default;
};

struct PolicyScope {
    std::string resource;  ///< the id of the data resource
    std::string purpose;   ///< as the application states it
    VersionRange versions{};
    std::vector<std::string> forms{};  ///< wire names of the forms of product, sorted; not empty
    Date from;                         ///< the first day, in Asia/Shanghai
    Date to;                           ///< the last day
    bool has_form(std::string_view form) const;
    bool operator==(const PolicyScope&) const = default;
};

/// Throws: kInvalid policy.scope.
void check_scope(const PolicyScope& scope);

/// What somebody is about to do.
struct PolicyUse {
    std::string resource;
    std::int64_t version = 1;  ///< of the dataset
    std::string form;
    Date day;
};

/// Whether the scope covers the use. Without a scope: always.
/// Throws: kConflict delivery.out_of_scope, which says what is not covered.
void check_use(const std::optional<PolicyScope>& scope, const PolicyUse& use);

}  // namespace pdx::privacy
