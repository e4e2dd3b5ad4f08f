#pragma once
/// Values of some hundred records, column by column: one walk over a column costs less than a walk
/// for each of its values.
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/text_buffer.h"

namespace pdx::privacy {

/// The values of one column one after another, an end of line behind each. Views are valid until
/// the batch changes.
class ColumnBatch {
public:
    void add(std::string_view value) {
        text_.append(value);
        close();
    }
    /// Where the next value is written; close() ends it.
    TextBuffer& open() { return text_; }
    void close() {
        ends_.push_back(text_.size());
        text_.append('\n');
    }

    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t i) const {
        const std::size_t begin = begin_of(i);
        return text_.view().substr(begin, ends_[i] - begin);
    }
    std::string_view text() const { return text_.view(); }
    /// Whose value holds this byte of text(). Requires: offset < text().size().
    std::size_t index_of(std::size_t offset) const {
        return static_cast<std::size_t>(std::lower_bound(ends_.begin(), ends_.end(), offset) -
                                        ends_.begin());
    }
    void clear() {
        text_.clear();
        ends_.clear();
    }

private:
    std::size_t begin_of(std::size_t i) const { return i == 0 ? 0 : ends_[i - 1] + 1; }

    TextBuffer text_;
    std::vector<std::size_t> ends_;  ///< where each value ends in text_
};

}  // namespace pdx::privacy
