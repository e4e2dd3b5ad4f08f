#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "base/time.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/progress.h"
#include "privacy/file_scan.h"
#include "privacy/kind_words.h"
#include "privacy/policy.h"

namespace pdx::cli {
namespace {

using nlohmann::json;
using privacy::Sensitivity;

struct ScanOptions {
    std::string file;
    std::string language;
    bool json = false;
};

privacy::FileReport scan_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw invalid("file.unreadable", {"Cannot read " + path + ".", "无法读取 " + path + "。"});
    }
    std::error_code unknown;
    const std::uint64_t size = std::filesystem::file_size(path, unknown);
    privacy::FileScan scan(random_uint64());
    ProgressBar bar("Scanning");
    std::vector<char> piece(std::size_t{256} << 10U);
    std::uint64_t done = 0;
    while (file) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        const auto count = static_cast<std::size_t>(file.gcount());
        scan.feed({piece.data(), count});
        done += count;
        if (!unknown) bar.update(done, size);
    }
    if (file.bad()) {
        throw invalid("file.unreadable",
                      {"Reading " + path + " failed.", "读取 " + path + " 失败。"});
    }
    return scan.finish();
}

json to_json(const privacy::ScannedColumn& scanned) {
    const privacy::ColumnClass& column = scanned.column;
    json found = json::object();
    for (std::size_t i = 0; i < scanned.found.size(); ++i) {
        if (scanned.found.at(i) == 0) continue;
        found[std::string(privacy::kind_code(static_cast<privacy::Kind>(i)))] = scanned.found.at(i);
    }
    json evidence = json::array();
    for (const privacy::Evidence& one : column.evidence) {
        evidence.push_back({{"code", one.code}, {"share_basis_points", one.share_basis_points}});
    }
    return {{"name", column.name},
            {"class", privacy::sensitivity_code(column.sensitivity)},
            {"kind", privacy::kind_code(column.kind)},
            {"confidence_basis_points", column.confidence_basis_points},
            {"runner_up", column.runner_up ? json(privacy::kind_code(*column.runner_up)) : json()},
            {"evidence", std::move(evidence)},
            {"values", scanned.values},
            {"found", std::move(found)},
            {"operation", privacy::operation_code(privacy::default_operation(column).kind)}};
}

json to_json(const privacy::FileReport& report, const std::string& file) {
    json columns = json::array();
    for (const privacy::ScannedColumn& column : report.columns) columns.push_back(to_json(column));
    return {{"file", file},
            {"sha256", report.sha256.hex()},
            {"bytes", report.bytes},
            {"encoding", privacy::encoding_code(report.encoding)},
            {"records", report.records},
            {"columns", std::move(columns)}};
}

/// "50,000".
std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text;
}

/// The report in words; a data officer can print and sign it.
class Page {
public:
    explicit Page(bool chinese) : chinese_(chinese) {}

    void show(const privacy::FileReport& report, const std::string& file) {
        line(file);
        line(pick(grouped(report.records) + " records, " + grouped(report.columns.size()) +
                      " columns, " + grouped(report.bytes) + " bytes, ",
                  grouped(report.records) + " 条记录，" + grouped(report.columns.size()) + " 列，" +
                      grouped(report.bytes) + " 字节，") +
             std::string(privacy::encoding_code(report.encoding)));
        line("SHA-256 " + report.sha256.hex());
        std::array<std::size_t, 10> classes{};
        for (std::size_t i = 0; i < report.columns.size(); ++i) {
            show(report.columns[i], i + 1);
            ++classes.at(static_cast<std::size_t>(report.columns[i].column.sensitivity));
        }
        line("");
        sum_up(classes);
        line(pick("Read by pdx on ", "由 pdx 检查于 ") + Date::of(SystemClock().now()).iso());
        line(pick("Checked by ____________________  Date ____________  Signature ____________",
                  "复核人 ____________________  日期 ____________  签字 ____________"));
    }

private:
    std::string pick(std::string en, std::string zh) const {
        return chinese_ ? std::move(zh) : std::move(en);
    }
    std::string pick(Text text) const { return pick(std::move(text.en), std::move(text.zh)); }
    static void line(const std::string& text) { std::cout << text << "\n"; }

    void show(const privacy::ScannedColumn& scanned, std::size_t number) {
        const privacy::ColumnClass& column = scanned.column;
        line("");
        line(std::to_string(number) + ". " + column.name);
        std::string verdict = "   " + pick(privacy::sensitivity_words(column.sensitivity));
        if (column.sensitivity != Sensitivity::kUnknown) {
            verdict += pick(": ", "：") + pick(privacy::kind_words(column.kind)) + ", " +
                       std::to_string(column.confidence_basis_points / 100) + " %";
        }
        if (column.runner_up) {
            verdict +=
                pick("; or else: ", "；其次：") + pick(privacy::kind_words(*column.runner_up));
        }
        line(verdict);
        std::string why = "  ";
        for (const privacy::Evidence& one : column.evidence) {
            why += " " + pick(privacy::describe(one));
        }
        if (!column.evidence.empty()) line(why);
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

    bool chinese_;
};

bool speaks_chinese(const ScanOptions& options) {
    if (!options.language.empty()) return options.language == "zh";
    const char* const language = std::getenv("LANG");  // NOLINT(concurrency-mt-unsafe)
    return language != nullptr && std::string(language).starts_with("zh");
}

int run_scan(const ScanOptions& options) {
    const privacy::FileReport report = scan_file(options.file);
    if (options.json) {
        std::cout << to_json(report, options.file).dump() << "\n";
    } else {
        Page(speaks_chinese(options)).show(report, options.file);
    }
    return 0;
}

}  // namespace

void add_scan_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand(
        "scan", "say what personal data a CSV file holds, column by column; values are not shown");
    auto options = std::make_shared<ScanOptions>();
    command->add_option("FILE", options->file, "CSV in UTF-8 or GB18030, the first line the header")
        ->required();
    command->add_flag("--json", options->json, "print one JSON object");
    command->add_option("--lang", options->language, "en or zh; without it as LANG says")
        ->check(CLI::IsMember({"en", "zh"}));
    command->callback([options, &status] { status = run_scan(*options); });
}

}  // namespace pdx::cli
