#pragma once
/// RFC 4180 in streams: a push parser with constant memory and a writer. Rows are never repaired: a
/// shifted column would defeat every rule that names a column, so the first irregularity ends the
/// file. Messages name the line, the record and the column and never hold a value of the file.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text_buffer.h"

namespace pdx::privacy {

/// Unit: bytes are those of the UTF-8 text after removal of quotes.
struct CsvLimits {
    std::size_t columns_max = 4096;
    std::size_t field_bytes_max = std::size_t{1} << 20U;
    std::size_t record_bytes_max = std::size_t{4} << 20U;
};

/// Valid during the handler's call only. Shape: fields [columns], the same count for every record.
struct CsvRecord {
    std::uint64_t number = 0;  ///< 0 is the header, 1 the first record of data
    std::uint64_t line = 1;    ///< the physical line on which the record begins
    std::span<const std::string_view> fields;
};

/// Accepts UTF-8 with or without BOM, CRLF or LF, quoted fields with line ends and doubled quotes
/// inside, and a last line without line end. The first record is the header.
/// Ensures: any division of the same bytes into feed() calls gives the same records; memory is
/// bounded by the limits whatever the input.
/// Throws: kInvalid csv.empty, csv.ragged_row, csv.nul_byte, csv.invalid_utf8, csv.stray_quote,
/// csv.unclosed_quote, csv.bare_carriage_return, csv.header_name_empty, csv.header_name_duplicate,
/// csv.separator, csv.is_json;
/// kTooLarge csv.too_many_columns, csv.field_too_large, csv.record_too_large. After that, and after
/// an exception of the handler, the reader takes nothing more.
class CsvReader {
public:
    using Handler = std::function<void(const CsvRecord&)>;
    CsvReader(CsvLimits limits, Handler handler);

    void feed(std::string_view bytes);
    /// The end of the file. Nothing is complete before it returned.
    void finish();

    /// Records of data so far; the header is not counted.
    std::uint64_t records() const { return next_number_ == 0 ? 0 : next_number_ - 1; }

private:
    enum class State { kFieldStart, kPlain, kQuoted, kQuoteInQuoted, kCarriageReturn };

    std::string_view skip_byte_order_mark(std::string_view bytes);
    void consume(std::string_view bytes);
    const char* find_special(const char* begin, const char* end) const;
    const char* try_plain_record(const char* begin, const char* end);
    bool is_valid_until(const char* begin, const char* end);
    const char* step(const char* begin, const char* end);
    const char* step_plain(const char* begin, const char* end);
    const char* step_quoted(const char* begin, const char* end);
    void step_delimiter(char character);
    void append(const char* begin, const char* end);
    void end_field();
    void end_record();
    void emit(std::uint64_t lines);
    void check_header() const;
    [[noreturn]] void fail_as_json() const;
    [[noreturn]] void fail(ErrorKind kind, const char* code, std::size_t column,
                           const Text& reason) const;

    CsvLimits limits_;
    Handler handler_;
    State state_ = State::kFieldStart;
    std::string buffer_;             ///< fields of the open record, one separator after each
    std::vector<std::size_t> ends_;  ///< where each complete field ends in buffer_
    std::vector<std::string_view> views_;
    const char* chunk_ = nullptr;  ///< what is being consumed
    std::size_t chunk_bytes_ = 0;
    const char* valid_end_ = nullptr;      ///< up to here it is well-formed, from a record's start
    std::vector<std::uint64_t> specials_;  ///< its commas, quotes and line ends, 64 bytes each
    std::string mark_;                     ///< the first bytes, until they are a BOM or are not
    std::size_t field_begin_ = 0;
    std::size_t width_ = 0;
    std::uint64_t next_number_ = 0;
    std::uint64_t record_line_ = 1;
    std::uint64_t line_ = 1;
    bool mark_decided_ = false;
    bool closed_ = false;
};

/// Appends one field, quoted where RFC 4180 asks for it. Values are not altered otherwise: a cell
/// that begins with '=', '+', '-' or '@' stays what it is, because the receiver of a data file
/// needs the data; whoever opens it in a spreadsheet imports the columns as text.
void append_csv_field(std::string& out, std::string_view field);

/// Writes records with CRLF and hands them on in blocks.
class CsvWriter {
public:
    using Sink = std::function<void(std::string_view)>;
    explicit CsvWriter(Sink sink);

    /// Requires: at least one field, the same count every time.
    void write(std::span<const std::string_view> fields);
    /// Hands on what is left.
    void finish();

private:
    void flush();

    Sink sink_;
    TextBuffer block_;
    std::vector<std::size_t> ends_;  ///< where each field ends in block_
    std::string quoted_;
    std::size_t width_ = 0;
};

}  // namespace pdx::privacy
