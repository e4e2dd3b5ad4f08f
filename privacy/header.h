#pragma once
/// What a column's name and its label in the field dictionary say: aliases in Chinese, in pinyin
/// initials (sfzh, xm, lxdh) and in English.
#include <optional>
#include <string>
#include <string_view>

#include "privacy/kind.h"

namespace pdx::privacy {

/// kGeneric: a word that many columns share ("name", "no", "code"); it decides only when the values
/// do not speak against it.
enum class HeaderStrength { kGeneric, kSpecific };

struct HeaderEvidence {
    Kind kind = Kind::kUnknown;
    HeaderStrength strength = HeaderStrength::kGeneric;
};

/// `name` is the column's header, `label` its name in the field dictionary, which may be empty.
/// Ensures: where a specific word of the name and one of the label disagree, the stricter wins.
std::optional<HeaderEvidence> header_evidence(std::string_view name, std::string_view label);

/// The rules in their order, for detector.h. Shape: a line each,
/// "header chinese person_name specific words".
std::string header_rules_text();

}  // namespace pdx::privacy
