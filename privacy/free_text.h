#pragma once
/// Masks inside free text: identifiers, e-mail addresses, names, addresses from the street on, and
/// local numbers behind their label (病历号, 学籍号, QQ) give way to their kind in brackets:
/// "〔姓名〕来电，电话〔手机号码〕". Regions down to town stay, as a policy lets them.
///
/// It finds much and not everything (see docs/PRIVACY.md): masked text is still free text.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/address_finder.h"
#include "privacy/kind.h"
#include "privacy/pattern_set.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

/// How many were replaced, by kind. No values.
using FreeTextCounts = std::array<std::uint64_t, kKindCount>;

/// What stands for a value of that kind: its Chinese name in brackets, as the text is Chinese.
std::string free_text_mark(Kind kind);

/// Appends the numbers behind a label: 病历号：203344, 微信 abc_123, QQ 12345678, a date of
/// birth in each spelling, and a resident ID or a telephone number behind its label even when its
/// check fails. In order; no two overlap.
void find_labelled_numbers(std::string_view text, std::vector<Finding>& findings);

/// Appends pairs of degrees in China with four decimals and more: 120.3012, 31.5712; 东经120.30128°
/// 北纬31.57121°. In order; no two overlap.
void find_coordinates(std::string_view text, std::vector<Finding>& findings);

/// Everything that a FreeTextMasker would replace, in order, overlaps merged.
class FreeTextFinder {
public:
    /// `patterns` may be null and must outlive the finder.
    explicit FreeTextFinder(const PatternSet* patterns = nullptr) : patterns_(patterns) {}

    /// Requires: well-formed UTF-8. The result is valid until the next call.
    const std::vector<Finding>& find(std::string_view text);

private:
    const PatternSet* patterns_;
    std::vector<Finding> all_;
    std::vector<AddressFinding> addresses_;
};

/// Thread: not shared.
class FreeTextMasker {
public:
    /// As FreeTextFinder.
    explicit FreeTextMasker(const PatternSet* patterns = nullptr);

    /// Adds to `counts`. The result is valid until the next call and may be `text` itself.
    /// Requires: well-formed UTF-8.
    /// Ensures: FreeTextFinder finds nothing in the result, so masking it again changes nothing.
    std::string_view mask(std::string_view text, FreeTextCounts& counts);

private:
    void replace(std::string_view text, const std::vector<Finding>& findings,
                 FreeTextCounts& counts);

    std::array<std::string, kKindCount> marks_;
    FreeTextFinder finder_;
    std::string out_;
    std::string next_;
};

}  // namespace pdx::privacy
