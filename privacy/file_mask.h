#pragma once
/// A whole file through one policy: decoded, read, masked and guarded, in one pass and constant
/// memory.
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/classify.h"
#include "privacy/policy.h"
#include "privacy/transform.h"

namespace pdx::privacy {

struct FileMaskReport {
    Digest input_digest;  ///< SHA-256 of the bytes as they came
    std::uint64_t input_bytes = 0;
    MaskReport masked;
};

/// A table in UTF-8 or GB18030; the output is UTF-8 in the same format. Nothing
/// that the sink got may be used before finish() has returned.
class FileMask {
public:
    /// Requires and throws: as Masker.
    FileMask(const Policy& policy, const std::vector<ColumnClass>& classes,
             ByteView key_of_contract, Masker::Sink sink, const MaskerOptions& options = {});
    ~FileMask();
    FileMask(FileMask&&) noexcept;
    FileMask& operator=(FileMask&&) noexcept;

    /// Throws: as TextDecoder, TableReader and Masker; after that the file is lost.
    void feed(std::string_view bytes);
    /// Callable once.
    FileMaskReport finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pdx::privacy
