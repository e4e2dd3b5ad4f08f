#pragma once
/// A reason with its legal source, in both languages; and the refusal that carries several of them.
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace pdx::domain {

/// `rule` is stable (noun.what); `source` names the law and article, or "design" where the rule is
/// this exchange's own.
struct Reason {
    std::string rule;
    std::string source;
    Text text;
};

/// All reasons in one sentence chain, for an answer or a page.
Text summary(const std::vector<Reason>& reasons);

/// Throws: kConflict `code` when there is a reason; detail.rule lists "rule (source)".
void require_no_reason(std::string_view code, const Text& headline,
                       const std::vector<Reason>& reasons);

}  // namespace pdx::domain
