#include "privacy/scanner.h"

#include <algorithm>
#include <array>

#include "privacy/scan_walk.h"

namespace pdx::privacy {
namespace {

/// They name a person, and chance hardly makes them.
constexpr std::array kPersonal{
    Kind::kResidentId, Kind::kForeignResidentId, Kind::kMobile,     Kind::kBankCard, Kind::kEmail,
    Kind::kPlate,      Kind::kSoleTraderCode,    Kind::kStudentRoll};

}  // namespace

void scan(std::string_view text, std::vector<Finding>& findings, MaskFunction mask) {
    ScanWalk(text, findings).run(mask);
}

bool is_personal(Kind kind) {
    return std::find(kPersonal.begin(), kPersonal.end(), kind) != kPersonal.end();
}

std::optional<Finding> find_identifier(std::string_view text) {
    constexpr std::size_t kShortest = 6;  // a@b.cn
    if (text.size() < kShortest) return std::nullopt;
    std::vector<Finding> findings;
    scan(text, findings);
    for (const Finding& finding : findings) {
        if (is_personal(finding.kind)) return finding;
    }
    return std::nullopt;
}

}  // namespace pdx::privacy
