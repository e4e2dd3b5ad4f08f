#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/durable_file.h"
#include "marketplace/app/scan_view.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/file_feed.h"
#include "marketplace/cli/patterns_file.h"
#include "marketplace/cli/report_page.h"
#include "privacy/file_scan.h"
#include "privacy/kind_words.h"
#include "privacy/policy.h"
#include "privacy/sensitivity_profile.h"

namespace pdx::cli {
namespace {

using nlohmann::json;
using privacy::Sensitivity;

struct ScanOptions {
    std::string file;
    std::string policy;
    std::string patterns;
    std::string language;
    std::string profile{privacy::profile_code(privacy::kProfileInForce)};
    bool json = false;
};

privacy::FileReport scan_file(const ScanOptions& options) {
    const auto patterns = load_patterns(options.patterns);
    privacy::FileScan scan(random_uint64(), privacy::format_of_name(options.file),
                           pointer_to(patterns));
    feed_file(options.file, "Scanning", [&scan](std::string_view piece) { scan.feed(piece); });
    return scan.finish();
}

/// The report in words; a data officer can print and sign it.
class ScanPage : private ReportPage {
public:
    ScanPage(bool chinese, privacy::SensitivityProfile profile)
        : ReportPage(chinese),
          profile_(profile) {}

    void show(const privacy::FileReport& report, const std::string& file) {
        line(file);
        line(pick(grouped(report.records) + " records, " +
                      counted(report.columns.size(), "column") + ", " + grouped(report.bytes) +
                      " bytes, ",
                  grouped(report.records) + " 条记录，" + grouped(report.columns.size()) + " 列，" +
                      grouped(report.bytes) + " 字节，") +
             std::string(privacy::encoding_code(report.encoding)));
        line("SHA-256 " + report.sha256.hex());
        std::array<std::size_t, 10> classes{};
        for (std::size_t i = 0; i < report.columns.size(); ++i) {
            show(report.columns[i], i + 1);
            ++classes.at(static_cast<std::size_t>(report.columns[i].column.sensitivity));
        }
        ask_for_review(report.columns);
        line("");
        sum_up(classes);
        sign();
    }

private:
    void show(const privacy::ScannedColumn& scanned, std::size_t number) {
        const privacy::ColumnClass& column = scanned.column;
        line("");
        line(std::to_string(number) + ". " + column.name);
        std::string verdict = "   " + pick(privacy::sensitivity_words(column.sensitivity));
        if (column.sensitivity != Sensitivity::kUnknown) {
            verdict += pick(": ", "：") + pick(privacy::kind_words(column.kind)) + ", " +
                       std::to_string(column.confidence_basis_points / 100) + "-" +
                       std::to_string((column.confidence_high_basis_points + 99) / 100) + " %";
        }
        if (column.runner_up) {
            verdict +=
                pick("; or else: ", "；其次：") + pick(privacy::kind_words(*column.runner_up));
        }
        line(verdict);
        show_category(profile_, column.kind);
        std::string why = "  ";
        for (const privacy::Evidence& one : column.evidence) {
            why += " " + pick(privacy::describe(one));
        }
        if (!column.evidence.empty()) line(why);
        for (const privacy::Refusal& one : column.refused) {
            line(pick("   not ", "   不是") + pick(privacy::kind_words(one.kind)) +
                 pick(": ", "：") + pick(privacy::describe(one)));
        }
        std::string found;
        for (std::size_t i = 0; i < scanned.found.size(); ++i) {
            if (scanned.found.at(i) == 0) continue;
            found += (found.empty() ? "" : pick(", ", "，")) +
                     pick(privacy::kind_words(static_cast<privacy::Kind>(i))) + " " +
                     grouped(scanned.found.at(i));
        }
        line("   " + grouped(scanned.values) + pick(" values", " 个值") +
             (found.empty() ? "" : pick("; in them: ", "；其中：") + found));
    }

    void ask_for_review(const std::vector<privacy::ScannedColumn>& columns) {
        bool first = true;
        for (const privacy::ScannedColumn& scanned : columns) {
            if (!privacy::needs_review(scanned.column)) continue;
            if (std::exchange(first, false)) {
                line("");
                line(pick("To be reviewed by a person:", "待人工复核："));
            }
            line("   " + scanned.column.name + pick(": ", "：") +
                 pick(privacy::review_advice(scanned.column)));
        }
    }

    void sum_up(const std::array<std::size_t, 10>& classes) {
        const auto count = [&classes](Sensitivity one) {
            return classes.at(static_cast<std::size_t>(one));
        };
        for (const Sensitivity one :
             {Sensitivity::kDirectIdentifier, Sensitivity::kSensitive, Sensitivity::kFreeText,
              Sensitivity::kQuasiIdentifier, Sensitivity::kConfidential, Sensitivity::kNonPersonal,
              Sensitivity::kUnknown}) {
            if (count(one) == 0) continue;
            line(grouped(count(one)) + pick(count(one) == 1 ? " column: " : " columns: ", " 列：") +
                 pick(privacy::sensitivity_words(one)));
        }
        if (count(Sensitivity::kUnknown) > 0) {
            line(pick("Nothing is delivered from a column until somebody has decided what it is.",
                      "未能判定的列须经人工分类，否则不得交付。"));
        }
    }

    privacy::SensitivityProfile profile_;
};

/// What a policy to begin with does to a column: the mildest that its class allows. What would
/// leave as it is while it waits for a person does not leave.
privacy::Operation suggested(const privacy::ColumnClass& column) {
    const privacy::Operation mildest = privacy::default_operation(column);
    const bool waits = privacy::needs_review(column);
    return waits && mildest == privacy::Operation::pass() ? privacy::Operation::drop() : mildest;
}

void write_policy(const privacy::FileReport& report, privacy::SensitivityProfile profile,
                  const std::string& path) {
    privacy::Policy policy{"suggested", 1, "file", {}};
    policy.profile = profile;
    for (const privacy::ScannedColumn& one : report.columns) {
        policy.rules.push_back({one.column.name, suggested(one.column)});
    }
    const std::string text = json::parse(privacy::policy_text(policy)).dump(2) + "\n";
    try {
        write_file_durably(path, text, FileAccess::kAll, Existing::kRefuse);
    } catch (const std::system_error& error) {
        if (error.code() != std::errc::file_exists) throw;
        throw conflict("file.exists", {path + " exists; choose another name.",
                                       path + " 已存在；请换一个文件名。"});
    }
}

int run_scan(const ScanOptions& options) {
    const auto profile = privacy::parse_profile(options.profile).value();
    const privacy::FileReport report = scan_file(options);
    if (!options.policy.empty()) write_policy(report, profile, options.policy);
    if (options.json) {
        json all = app::to_json(report, profile);
        all["file"] = options.file;
        std::cout << all.dump() << "\n";
    } else {
        ScanPage(speaks_chinese(options.language), profile).show(report, options.file);
    }
    return 0;
}

}  // namespace

void add_scan_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand(
        "scan", "say what personal data a table holds, column by column; values are not shown");
    auto options = std::make_shared<ScanOptions>();
    command
        ->add_option("FILE", options->file,
                     "CSV with a header, or JSON lines (.jsonl); UTF-8 or GB18030")
        ->required();
    command->add_option("--suggest-policy", options->policy,
                        "write a policy for pdx mask, to be read and changed by hand");
    add_patterns_option(*command, options->patterns);
    std::vector<std::string> profiles;
    for (const auto profile : privacy::sensitivity_profiles()) {
        profiles.emplace_back(privacy::profile_code(profile));
    }
    command
        ->add_option("--profile", options->profile,
                     "by which standard data is sensitive personal information")
        ->check(CLI::IsMember(profiles))
        ->capture_default_str();
    command->add_flag("--json", options->json, "print one JSON object");
    add_language_option(*command, options->language);
    command->callback([options, &status] { status = run_scan(*options); });
}

}  // namespace pdx::cli
