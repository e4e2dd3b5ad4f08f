#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "base/crypto.h"
#include "base/durable_file.h"
#include "base/error.h"
#include "marketplace/app/risk_table.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/file_feed.h"
#include "marketplace/cli/patterns_file.h"
#include "marketplace/cli/risk_page.h"

namespace pdx::cli {
namespace {

struct RiskCommandOptions {
    std::string file;
    std::string patterns;
    app::RiskColumnNames names;
    privacy::RiskLimits limits;
    std::uint32_t l = 0;  ///< 0: not limited
    std::int64_t t = -1;  ///< below 0: not limited
    std::uint32_t population_min = 0;
    std::uint32_t threshold = privacy::kRiskThresholdBasisPoints;
    std::uint64_t memory_mb = 512;
    std::string out;
    std::string language;
    bool json = false;

    privacy::RiskOptions measure() const {
        return {.k = limits.k_min,
                .population_min = population_min,
                .memory_bytes_max = memory_mb << 20U};
    }
};

[[noreturn]] void refuse_existing_result(const std::string& path) {
    throw conflict("file.exists",
                   {path + " exists; choose another name.", path + " 已存在；请换一个文件名。"});
}

app::RiskFinding decide(privacy::RiskReport report, const privacy::TableContent& content,
                        const RiskCommandOptions& options) {
    return app::decide(std::move(report), content, options.limits, options.threshold);
}

/// What is written is what is measured: the second meter reads the texts that go into the file.
app::RiskFinding write_generalised(const RiskCommandOptions& options, const RiskPageInput& input,
                                   app::TableGeneraliser& table) {
    table.cut(options.limits.k_min, std::max(1U, options.l));
    DurableFile out(options.out, FileAccess::kOwner, Existing::kRefuse);
    privacy::CsvWriter writer([&out](std::string_view block) { out.append(block); });
    app::TableMeter meter(input.scan, input.columns, options.measure());
    std::vector<std::string_view> written;
    const auto write = [&](std::span<const std::string_view> fields) {
        written.clear();
        for (const std::size_t i : table.written()) written.push_back(fields[i]);
        writer.write(written);
    };
    read_records(options.file, "Writing", input.scan.sha256, [&](const privacy::CsvRecord& record) {
        if (record.number == 0) return write(record.fields);
        const auto fields = table.generalised(record.number - 1, record.fields);
        meter.add(fields);
        write(fields);
    });
    writer.finish();
    app::RiskFinding finding =
        decide(meter.finish(), app::generalised_content(input.scan, input.columns), options);
    if (!finding.judgement.accepted) return finding;
    try {
        out.publish();
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::file_exists) refuse_existing_result(options.out);
        throw;
    }
    return finding;
}

RiskPageInput examine(const RiskCommandOptions& options) {
    if (!options.out.empty() && std::filesystem::exists(options.out)) {
        refuse_existing_result(options.out);
    }
    const auto patterns = load_patterns(options.patterns);
    privacy::FileScan scan(random_uint64(), privacy::format_of_name(options.file),
                           pointer_to(patterns));
    feed_file(options.file, "Scanning", [&scan](std::string_view piece) { scan.feed(piece); });
    RiskPageInput input;
    input.file = options.file;
    input.out = options.out;
    input.scan = scan.finish();
    input.columns = app::choose_columns(input.scan, options.names);
    input.threshold_basis_points = options.threshold;
    input.population_min = options.population_min;

    app::TableMeter meter(input.scan, input.columns, options.measure());
    std::optional<app::TableGeneraliser> table;
    if (!options.out.empty()) {
        table.emplace(input.scan, input.columns, options.memory_mb << 20U);
    }
    read_records(options.file, "Measuring", input.scan.sha256,
                 [&](const privacy::CsvRecord& record) {
                     if (record.number == 0) return;
                     meter.add(record.fields);
                     if (table) table->add(record.fields);
                 });
    input.found = decide(meter.finish(), app::whole_content(input.scan, input.columns), options);
    if (table) input.generalised = write_generalised(options, input, *table);
    return input;
}

int run_risk(RiskCommandOptions options) {
    if (options.l > 0) options.limits.l_min = options.l;
    if (options.t >= 0) options.limits.t_max_basis_points = static_cast<std::uint32_t>(options.t);
    const RiskPageInput input = examine(options);
    if (options.json) {
        std::cout << to_json(input).dump() << "\n";
    } else {
        RiskPage(speaks_chinese(options.language)).show(input);
    }
    return input.decisive().judgement.accepted ? 0 : kExitRisk;
}

}  // namespace

void add_risk_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand(
        "risk", "measure how easily persons are found again in a table; values are not shown");
    auto options = std::make_shared<RiskCommandOptions>();
    constexpr std::uint32_t kMany = 1'000'000'000;
    const CLI::Range basis_points(0, 10'000);
    command
        ->add_option("FILE", options->file,
                     "CSV with a header, or JSON lines (.jsonl); UTF-8 or GB18030")
        ->required();
    command
        ->add_option("--qi", options->names.quasi,
                     "quasi-identifiers, by name; without it as the columns are classified")
        ->delimiter(',');
    add_patterns_option(*command, options->patterns);
    command->add_option("--subject", options->names.subject,
                        "the column that says who; without it each record is a person");
    command->add_option("--sensitive", options->names.sensitive, "columns to measure l and t of")
        ->delimiter(',');
    command->add_option("--k", options->limits.k_min, "persons that each class must have")
        ->check(CLI::Range(1U, kMany))
        ->capture_default_str();
    command
        ->add_option("--below", options->limits.small_share_max_basis_points,
                     "basis points of persons and records that may be in smaller classes")
        ->check(basis_points)
        ->capture_default_str();
    command->add_option("--l", options->l, "values of each sensitive column in each class")
        ->check(CLI::Range(1U, kMany));
    command
        ->add_option("--t", options->t,
                     "basis points by which a class may differ from the table in sensitive values")
        ->check(basis_points);
    command
        ->add_option("--population", options->population_min,
                     "persons in each class of the population that the file was drawn from")
        ->check(CLI::Range(1U, kMany));
    command
        ->add_option("--threshold", options->threshold,
                     "basis points of acceptable risk for the level of GB/T 42460")
        ->check(basis_points)
        ->capture_default_str();
    command
        ->add_option("--generalise", options->out,
                     "write the quasi-identifiers as ranges of at least k persons, and the "
                     "sensitive columns; no others")
        ->option_text("OUT.csv");
    command->add_option("--memory-mb", options->memory_mb, "memory for counting, in MiB")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "print one JSON object");
    add_language_option(*command, options->language);
    command->footer(
        "Exit codes: 0 within the limits, 7 not; the generalised file decides when "
        "there is one,\nand is written only then.");
    command->callback([options, &status] { status = run_risk(*options); });
}

}  // namespace pdx::cli
