#include "privacy/file_mask.h"

#include <utility>

#include "base/crypto.h"
#include "privacy/encoding.h"

namespace pdx::privacy {

struct FileMask::State {
    State(const Policy& policy, const std::vector<ColumnClass>& classes, ByteView key,
          Masker::Sink sink, const MaskerOptions& options)
        : masker(policy, classes, key, std::move(sink), options),
          reader(options.format, [this](const CsvRecord& record) { masker.add(record); }),
          decoder([this](std::string_view text) { reader.feed(text); }) {}

    Sha256 hash;
    std::uint64_t bytes = 0;
    Masker masker;
    TableReader reader;
    TextDecoder decoder;
};

FileMask::FileMask(const Policy& policy, const std::vector<ColumnClass>& classes,
                   ByteView key_of_contract, Masker::Sink sink, const MaskerOptions& options)
    : state_(std::make_unique<State>(policy, classes, key_of_contract, std::move(sink), options)) {}
FileMask::~FileMask() = default;
FileMask::FileMask(FileMask&&) noexcept = default;
FileMask& FileMask::operator=(FileMask&&) noexcept = default;

void FileMask::feed(std::string_view bytes) {
    state_->hash.update(bytes);
    state_->bytes += bytes.size();
    state_->decoder.feed(bytes);
}

FileMaskReport FileMask::finish() {
    state_->decoder.finish();
    state_->reader.finish();
    return {state_->hash.finish(), state_->bytes, state_->masker.finish()};
}

}  // namespace pdx::privacy
