#pragma once
/// What the reports on files have in common: one language, lines on standard output, and a place
/// for the signature of the officer who checked them. No report shows a value of a file.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "privacy/sensitivity_profile.h"

namespace pdx::cli {

/// `--lang en|zh`; empty means as LANG says.
void add_language_option(CLI::App& command, std::string& language);
bool speaks_chinese(const std::string& language);

class ReportPage {
public:
    explicit ReportPage(bool chinese) : chinese_(chinese) {}

    std::string pick(std::string en, std::string zh) const;
    std::string pick(const Text& text) const { return pick(text.en, text.zh); }
    static void line(const std::string& text = {});
    /// "50,000".
    static std::string grouped(std::uint64_t number);
    /// "1 column", "2 columns".
    static std::string counted(std::uint64_t number, const std::string& noun) {
        return grouped(number) + " " + noun + (number == 1 ? "" : "s");
    }
    /// A line that says as what the profile lists the kind, if it does.
    void show_category(privacy::SensitivityProfile profile, privacy::Kind kind) const;
    /// By which program and when, and who checked.
    void sign() const;

private:
    bool chinese_;
};

}  // namespace pdx::cli
