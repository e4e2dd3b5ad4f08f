#include "marketplace/app/examination_service.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/app/sealed_spill.h"
#include "privacy/encoding.h"

namespace pdx::app {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10U;
/// So many bytes wait under one number of the spill.
constexpr std::size_t kExtentBytes = std::size_t{1} << 20U;
constexpr std::uint64_t kRiskMemoryMax = std::uint64_t{128} << 20U;

void read_all(const ByteSource& source, std::uint64_t bytes_max,
              const std::function<void(std::string_view)>& sink) {
    Bytes piece(kPieceBytes);
    std::uint64_t bytes = 0;
    while (const std::size_t count = source(piece)) {
        bytes += count;
        if (bytes > bytes_max) {
            throw too_large("examination.too_large",
                            {"A table of more than 1 GiB is examined by pdx scan and pdx risk, "
                             "beside the file.",
                             "超过 1 GiB 的数据表请在本地使用 pdx scan 和 pdx risk 分析。"});
        }
        sink(as_text(ByteView(piece.data(), count)));
    }
}

/// Bytes that come back once in the order in which they went.
class WaitingTable {
public:
    explicit WaitingTable(std::filesystem::path folder) : spill_(std::move(folder)) {}

    void add(std::string_view bytes) {
        extent_ += bytes;
        if (extent_.size() >= kExtentBytes) flush();
    }
    void read(const std::function<void(std::string_view)>& sink) {
        flush();
        for (std::size_t i = 0; i < extents_; ++i) sink(spill_.take(i));
    }

private:
    void flush() {
        if (!extent_.empty()) spill_.append(extents_++, extent_);
        extent_.clear();
    }

    SealedSpill spill_;
    std::string extent_;
    std::size_t extents_ = 0;
};

}  // namespace

ExaminationService::Place::Place(ExaminationService& service, const Caller& caller)
    : service_(service),
      party_(caller.party.text()) {
    const std::lock_guard lock(service_.mutex_);
    const bool is_full = service_.running_.size() >= kExaminationsMax ||
                         service_.running_.count(party_) >= kExaminationsOfPartyMax;
    if (is_full) {
        throw busy("examination.busy", {"Other tables are being examined. Try again in a moment.",
                                        "正在分析其他数据表，请稍后再试。"});
    }
    service_.running_.insert(party_);
}

ExaminationService::Place::~Place() {
    const std::lock_guard lock(service_.mutex_);
    service_.running_.erase(service_.running_.find(party_));
}

privacy::FileReport ExaminationService::scan(const Caller& caller, privacy::TableFormat format,
                                             const ByteSource& source) {
    const Place place(*this, caller);
    privacy::FileScan scan(random_uint64(), format, context_.patterns);
    read_all(source, bytes_max_, [&scan](std::string_view bytes) { scan.feed(bytes); });
    return scan.finish();
}

ExaminedRisk ExaminationService::measure(const Caller& caller, privacy::TableFormat format,
                                         const ByteSource& source, const RiskQuestion& question) {
    const Place place(*this, caller);
    privacy::FileScan scan(random_uint64(), format, context_.patterns);
    WaitingTable waiting(context_.blobs.folder());
    read_all(source, bytes_max_, [&](std::string_view bytes) {
        scan.feed(bytes);
        waiting.add(bytes);
    });
    ExaminedRisk examined;
    examined.scan = scan.finish();
    examined.columns = complete_columns(examined.scan, question.columns);
    TableMeter meter(examined.scan, examined.columns,
                     {.k = question.limits.k_min, .memory_bytes_max = kRiskMemoryMax});
    privacy::TableReader reader(format, [&meter](const privacy::CsvRecord& record) {
        if (record.number > 0) meter.add(record.fields);
    });
    privacy::TextDecoder decoder([&reader](std::string_view text) { reader.feed(text); });
    waiting.read([&decoder](std::string_view bytes) { decoder.feed(bytes); });
    decoder.finish();
    reader.finish();
    examined.found = decide(meter.finish(), whole_content(examined.scan, examined.columns),
                            question.limits, privacy::kRiskThresholdBasisPoints);
    return examined;
}

}  // namespace pdx::app
