#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/app/leak_trace.h"
#include "marketplace/cli/audit_options.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/data_folder.h"
#include "marketplace/cli/file_feed.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/cli/leak_page.h"
#include "marketplace/cli/progress.h"
#include "marketplace/cli/trace_case.h"
#include "marketplace/cli/trace_page.h"
#include "marketplace/store/party_store.h"
#include "privacy/csv.h"

namespace pdx::cli {
namespace {

struct TraceOptions {
    std::string leak;
    std::string candidates;
    std::string data;      ///< an exchange's own data folder, instead of candidates
    std::string database;  ///< of that exchange; empty: the embedded one
    std::string known;
    std::string key_file;
    std::vector<std::string> names;  ///< LEAKED=NAME
    std::string language;
    int limit = 6;
    bool json = false;
};

/// Reads a table of any accepted encoding and says what was read.
TracedFile read_table(const std::string& path, std::string_view label,
                      const privacy::CsvReader::Handler& handler) {
    TracedFile file;
    file.path = path;
    Sha256 hash;
    privacy::CsvReader reader({}, handler);
    privacy::TextDecoder decoder([&reader](std::string_view text) { reader.feed(text); });
    feed_file(path, label, [&](std::string_view piece) {
        hash.update(piece);
        file.bytes += piece.size();
        decoder.feed(piece);
    });
    decoder.finish();
    reader.finish();
    file.sha256 = hash.finish();
    file.encoding = decoder.encoding();
    return file;
}

/// The names that the columns had when they were delivered.
std::vector<std::string_view> delivered_names(const TraceOptions& options,
                                              std::span<const std::string_view> header) {
    const auto refuse = [](const std::string& name) {
        throw invalid("trace.map",
                      {"--map takes LEAKED=NAME: a column of the leaked file and the name that it "
                       "was delivered under, which no other column may have.",
                       "--map 的形式为 泄露列名=交付列名，泄露列须存在，交付列名不得重复。"},
                      {.pointer = name});
    };
    std::vector<std::string_view> names(header.begin(), header.end());
    for (const std::string& one : options.names) {
        const std::string_view text = one;
        const std::size_t equals = text.find('=');
        const auto column = std::find(header.begin(), header.end(), text.substr(0, equals));
        if (equals == std::string_view::npos || column == header.end()) refuse(one);
        const std::string_view name = text.substr(equals + 1);
        if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) refuse(one);
        names[static_cast<std::size_t>(column - header.begin())] = name;
    }
    return names;
}

/// Columns of known persons by the fields of the plan; a plan without fields takes all of them.
class KnownTable {
public:
    explicit KnownTable(privacy::TracePlan& plan) : plan_(plan) {}

    void add(const privacy::CsvRecord& record) {
        if (record.number == 0) return begin(record);
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string_view value = record.fields[columns_[i]];
            if (!value.empty()) values_[i].values.emplace(value);
        }
    }
    const std::vector<privacy::KnownValues>& values() const { return values_; }

private:
    void begin(const privacy::CsvRecord& header) {
        if (plan_.tokens.empty()) {
            for (const std::string_view name : header.fields) {
                plan_.tokens.push_back({std::string(name), {}});
            }
        }
        for (const privacy::TokenField& field : plan_.tokens) {
            const auto found = std::find(header.fields.begin(), header.fields.end(), field.field);
            if (found == header.fields.end()) continue;
            columns_.push_back(static_cast<std::size_t>(found - header.fields.begin()));
            values_.push_back({field});
        }
        if (!values_.empty()) return;
        throw invalid("trace.known",
                      {"The file of known persons has none of the pseudonymised fields.",
                       "已知人员文件中没有任何假名字段。"});
    }

    privacy::TracePlan& plan_;
    std::vector<std::size_t> columns_;
    std::vector<privacy::KnownValues> values_;
};

TraceFinding find_source(const TraceOptions& options) {
    KeySealing sealing(options.key_file);
    TraceCase given = load_trace_case(options.candidates, sealing);
    given.plan.limit = options.limit;
    TraceFinding finding;
    finding.candidates = {options.candidates, given.sha256, given.bytes};
    KnownTable known(given.plan);
    if (!options.known.empty()) {
        finding.known = read_table(options.known, "Reading",
                                   [&known](const auto& record) { known.add(record); });
    }
    if (given.plan.marks) finding.identities = given.plan.marks->identities.size();
    std::optional<privacy::LeakedTable> leak;
    finding.leak = read_table(options.leak, "Tracing", [&](const privacy::CsvRecord& record) {
        if (record.number > 0) return leak->add(record.fields);
        leak.emplace(given.plan, delivered_names(options, record.fields), given.rows_key.view());
    });
    finding.report = privacy::trace(given.plan, *leak, known.values(), given.candidates);
    return finding;
}

/// The names of those who are told of.
void add_parties(sql::Connection& db, LeakFinding& finding) {
    const auto add = [&](const PartyId& id) {
        if (const auto party = store::find_party(db, id)) {
            finding.parties[id.text()] = {party->name_en.empty() ? party->name_zh : party->name_en,
                                          party->name_zh};
        }
    };
    for (const app::TracedContract& one : finding.trace.contracts) {
        add(one.licensee);
        if (!one.is_named) continue;
        for (const app::TracedDelivery& delivery : one.deliveries) add(delivery.buyer);
    }
}

LeakFinding find_delivery(const TraceOptions& options) {
    AuditOptions where;
    where.data = options.data;
    where.database = options.database;
    const AuditedDatabase exchange = open_audited(where);
    KeySealing sealing(options.key_file);
    const Secret master =
        load_secret(master_key_file(options.data), catalog::BlobStore::kKeySize, sealing);
    const catalog::BlobStore blobs(blob_folder(options.data), master.view());
    LeakFinding finding;
    privacy::LeakedTokens leak;
    finding.leak = read_table(options.leak, "Reading", [&](const privacy::CsvRecord& record) {
        if (record.number > 0) return leak.add(record.fields);
        delivered_names(options, record.fields);  // refuses a wrong name at once
    });
    finding.rows = leak.rows();
    finding.tokens = leak.distinct();
    finding.left_out = leak.left_out();
    const auto read_again = [&options](const privacy::CsvReader::Handler& handler) {
        std::vector<std::string_view> names;
        read_table(options.leak, "Reading", [&](const privacy::CsvRecord& record) {
            if (record.number > 0) return handler(record);
            names = delivered_names(options, record.fields);
            privacy::CsvRecord header = record;
            header.fields = names;
            handler(header);
        });
    };
    ProgressBar bar("Tracing");
    finding.trace = app::trace_leak(
        *exchange.connection, blobs, master.view(), {finding.leak.sha256, leak, read_again},
        options.limit,
        [&bar](std::uint64_t done, std::uint64_t total) { bar.update(done, total); });
    add_parties(*exchange.connection, finding);
    return finding;
}

int run_leak_trace(const TraceOptions& options) {
    const LeakFinding finding = find_delivery(options);
    if (options.json) {
        std::cout << to_json(finding).dump() << "\n";
    } else {
        LeakPage(speaks_chinese(options.language)).show(finding);
    }
    return 0;
}

int run_trace(const TraceOptions& options) {
    if (!options.data.empty()) return run_leak_trace(options);
    if (options.candidates.empty()) {
        throw invalid("trace.against",
                      {"Name what to compare with: --data of an exchange, or --candidates.",
                       "请用 --data 指定平台数据目录，或用 --candidates 指定候选文件。"});
    }
    const TraceFinding finding = find_source(options);
    if (options.json) {
        std::cout << to_json(finding).dump() << "\n";
    } else {
        TracePage(speaks_chinese(options.language)).show(finding);
    }
    return 0;
}

constexpr const char* kTraceFooter =
    "pdx trace leaked.csv --data data compares with all that the exchange delivered. Without its\n"
    "data folder, candidates say what to look for; the file holds names of key files and no key:\n"
    "  {\"root_key\": \"data/keys/master.key\",\n"
    "   \"contracts\": [\"CONTRACT\", ...],\n"
    "   \"pseudonyms\": [{\"field\": \"id_no\", \"domain\": \"person\"}],\n"
    "   \"marks\": {\"one_of\": 10, \"identities\": [[\"id_no\"], [\"amount\"]],\n"
    "     \"columns\": [{\"name\": \"amount\", \"decimals\": 2, \"step\": 1, \"way\": "
    "\"nearest\"}]},\n"
    "   \"canaries\": {\"rows\": 5, \"columns\": [\n"
    "     {\"name\": \"id_no\", \"kind\": \"resident_id\", \"space\": \"320299\"}]}}\n"
    "Instead of root_key: \"rows_key\": FILE and contracts as {\"contract\": ID, \"key\": FILE}.\n"
    "Exit status 0 whatever the verdict is.";

}  // namespace

void add_trace_command(CLI::App& app, int& status) {
    auto* command =
        app.add_subcommand("trace", "say whose copy a leaked table is; values are not shown");
    auto options = std::make_shared<TraceOptions>();
    command->add_option("LEAK", options->leak, "CSV in UTF-8 or GB18030, the first line the header")
        ->required();
    auto* data = command->add_option(
        "--data", options->data, "data folder of the exchange: compare with all its deliveries");
    command->add_option("--db", options->database, "database of that exchange, as for serve")
        ->envname("PDX_DATABASE");
    auto* candidates = command->add_option(
        "--candidates", options->candidates,
        "JSON: the contracts it may come from and what was put into their copies");
    candidates->excludes(data);
    command
        ->add_option("--known", options->known,
                     "CSV with values of known persons, as they are in the source")
        ->needs(candidates);
    command
        ->add_option("--map", options->names,
                     "LEAKED=NAME: a column that is called otherwise in the leaked file; may be "
                     "repeated")
        ->allow_extra_args(false);
    command
        ->add_option("--limit", options->limit,
                     "name a contract when chance accuses anybody with at most 10^-LIMIT")
        ->check(CLI::Range(1, 30))
        ->capture_default_str();
    command->add_option("--key-file", options->key_file, "opens keys that are sealed under it");
    command->add_flag("--json", options->json, "print one JSON object");
    add_language_option(*command, options->language);
    command->footer(kTraceFooter);
    command->callback([options, &status] { status = run_trace(*options); });
}

}  // namespace pdx::cli
