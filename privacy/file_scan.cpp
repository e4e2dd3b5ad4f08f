#include "privacy/file_scan.h"

#include <optional>

#include "base/crypto.h"
#include "privacy/address_finder.h"
#include "privacy/name_finder.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

struct FileScan::State {
    State(std::uint64_t key, TableFormat format, const PatternSet* stated)
        : seed(key),
          patterns(stated),
          reader(format, [this](const CsvRecord& record) { take(record); }),
          decoder([this](std::string_view text) { reader.feed(text); }) {}

    void take(const CsvRecord& record) {
        if (record.number == 0) {
            profiler.emplace(record.fields, std::span<const DeclaredColumn>{}, seed, patterns);
            report.columns.resize(record.fields.size());
            return;
        }
        profiler->add(record.fields);
        // Names cost far more than identifiers: they are sought where people write sentences.
        if ((record.number & (record.number - 1)) == 0) mark_prose();
        for (std::size_t i = 0; i < record.fields.size(); ++i) {
            if (record.fields[i].empty()) continue;
            ScannedColumn& column = report.columns[i];
            ++column.values;
            findings.clear();
            scan(record.fields[i], findings);
            if (patterns != nullptr) patterns->find(record.fields[i], findings);
            if (is_prose[i]) add_words(record.fields[i], column);
            for (const Finding& one : findings) ++column.found[static_cast<std::size_t>(one.kind)];
        }
    }

    /// At record 1, 2, 4, 8, ...: which columns are free text by what is known.
    void mark_prose() {
        const std::vector<ColumnClass> classes = profiler->classify();
        is_prose.resize(classes.size());
        for (std::size_t i = 0; i < classes.size(); ++i) {
            is_prose[i] = classes[i].sensitivity == Sensitivity::kFreeText;
        }
    }

    void add_words(std::string_view value, ScannedColumn& column) {
        ++column.prose;
        find_names(value, findings);
        addresses.clear();
        find_addresses(value, addresses);
        for (const AddressFinding& one : addresses)
            findings.push_back({Kind::kAddress, one.begin, one.size});
    }

    std::uint64_t seed;
    const PatternSet* patterns;
    Sha256 hash;
    FileReport report;
    std::optional<TableProfiler> profiler;
    std::vector<Finding> findings;
    std::vector<AddressFinding> addresses;
    std::vector<bool> is_prose;
    TableReader reader;
    TextDecoder decoder;
};

FileScan::FileScan(std::uint64_t seed, TableFormat format, const PatternSet* patterns)
    : state_(std::make_unique<State>(seed, format, patterns)) {}
FileScan::~FileScan() = default;
FileScan::FileScan(FileScan&&) noexcept = default;
FileScan& FileScan::operator=(FileScan&&) noexcept = default;

void FileScan::feed(std::string_view bytes) {
    state_->hash.update(bytes);
    state_->report.bytes += bytes.size();
    state_->decoder.feed(bytes);
}

FileReport FileScan::finish() {
    State& state = *state_;
    state.decoder.finish();
    state.reader.finish();
    state.report.sha256 = state.hash.finish();
    state.report.encoding = state.decoder.encoding();
    state.report.records = state.reader.records();
    std::vector<ColumnClass> classes = state.profiler->classify();
    for (std::size_t i = 0; i < classes.size(); ++i) {
        state.report.columns[i].column = std::move(classes[i]);
    }
    return std::move(state.report);
}

}  // namespace pdx::privacy
