#include "marketplace/cli/report_page.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "base/time.h"
#include "marketplace/cli/commands.h"

namespace pdx::cli {

void add_language_option(CLI::App& command, std::string& language) {
    command.add_option("--lang", language, "en or zh; without it as LANG says")
        ->check(CLI::IsMember({"en", "zh"}));
}

bool speaks_chinese(const std::string& language) {
    if (!language.empty()) return language == "zh";
    const char* const system = std::getenv("LANG");  // NOLINT(concurrency-mt-unsafe)
    return system != nullptr && std::string(system).starts_with("zh");
}

std::string ReportPage::pick(std::string en, std::string zh) const {
    return chinese_ ? std::move(zh) : std::move(en);
}

void ReportPage::line(const std::string& text) { std::cout << text << "\n"; }

std::string ReportPage::grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text;
}

void ReportPage::show_category(privacy::SensitivityProfile profile, privacy::Kind kind) const {
    const auto category = privacy::sensitive_category(profile, kind);
    if (!category) return;
    line(pick("   Sensitive personal information by ", "   敏感个人信息（") +
         pick(privacy::profile_words(profile)) + pick(": ", "）：") +
         pick(privacy::category_words(*category)));
}

void ReportPage::sign() const {
    const std::string program = "pdx " + std::string(kVersion);
    const std::string now = SystemClock().now().rfc3339();
    const std::string second = now.substr(0, now.find('.')) + "Z";
    line(pick("Read by " + program + " at ", "由 " + program + " 检查于 ") + second);
    line(pick("Checked by ____________________  Date ____________  Signature ____________",
              "复核人 ____________________  日期 ____________  签字 ____________"));
}

}  // namespace pdx::cli
