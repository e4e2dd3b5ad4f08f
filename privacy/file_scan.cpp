#include "privacy/file_scan.h"

#include <optional>

#include "base/crypto.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

struct FileScan::State {
    State(std::uint64_t key, TableFormat format)
        : seed(key),
          reader(format, [this](const CsvRecord& record) { take(record); }),
          decoder([this](std::string_view text) { reader.feed(text); }) {}

    void take(const CsvRecord& record) {
        if (record.number == 0) {
            profiler.emplace(record.fields, std::span<const DeclaredColumn>{}, seed);
            report.columns.resize(record.fields.size());
            return;
        }
        profiler->add(record.fields);
        for (std::size_t i = 0; i < record.fields.size(); ++i) {
            if (record.fields[i].empty()) continue;
            ScannedColumn& column = report.columns[i];
            ++column.values;
            findings.clear();
            scan(record.fields[i], findings);
            for (const Finding& one : findings) ++column.found[static_cast<std::size_t>(one.kind)];
        }
    }

    std::uint64_t seed;
    Sha256 hash;
    FileReport report;
    std::optional<TableProfiler> profiler;
    std::vector<Finding> findings;
    TableReader reader;
    TextDecoder decoder;
};

FileScan::FileScan(std::uint64_t seed, TableFormat format)
    : state_(std::make_unique<State>(seed, format)) {}
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
