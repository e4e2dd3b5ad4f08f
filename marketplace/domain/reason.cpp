#include "marketplace/domain/reason.h"

namespace pdx::domain {

Text summary(const std::vector<Reason>& reasons) {
    Text all;
    for (const Reason& reason : reasons) {
        if (!all.en.empty()) all.en += ' ';
        all.en += reason.text.en + " [" + reason.source + "]";
        all.zh += reason.text.zh + "〔" + reason.source + "〕";
    }
    return all;
}

void require_no_reason(std::string_view code, const Text& headline,
                       const std::vector<Reason>& reasons) {
    if (reasons.empty()) return;
    const Text why = summary(reasons);
    ErrorDetail detail;
    for (const Reason& reason : reasons) {
        if (!detail.rule.empty()) detail.rule += "; ";
        detail.rule += reason.rule + " (" + reason.source + ")";
    }
    throw conflict(std::string(code), {headline.en + " " + why.en, headline.zh + why.zh},
                   std::move(detail));
}

}  // namespace pdx::domain
