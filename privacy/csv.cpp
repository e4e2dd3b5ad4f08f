#include "privacy/csv.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "privacy/char_masks.h"
#include "privacy/utf8.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 10U;

bool begins_json(std::string_view text) { return text.starts_with('{') || text.starts_with('['); }

}  // namespace

CsvReader::CsvReader(CsvLimits limits, Handler handler)
    : limits_(limits),
      handler_(std::move(handler)) {}

void CsvReader::feed(std::string_view bytes) {
    PDX_CHECK(!closed_);
    closed_ = true;  // an exception below leaves it closed
    if (!mark_decided_) {
        bytes = skip_byte_order_mark(bytes);
    }
    consume(bytes);
    closed_ = false;
}

/// Returns what is left of `bytes`; the first three bytes of the file may come in three calls.
std::string_view CsvReader::skip_byte_order_mark(std::string_view bytes) {
    while (!bytes.empty() && mark_.size() < kByteOrderMark.size() &&
           kByteOrderMark.starts_with(mark_ + bytes.front())) {
        mark_ += bytes.front();
        bytes.remove_prefix(1);
    }
    if (mark_ == kByteOrderMark) {
        mark_decided_ = true;
    } else if (!bytes.empty()) {
        mark_decided_ = true;
        consume(mark_);
    }
    return bytes;
}

void CsvReader::finish() {
    PDX_CHECK(!closed_);
    closed_ = true;
    if (!mark_decided_) consume(mark_);
    if (state_ == State::kQuoted) {
        fail(ErrorKind::kInvalid, "csv.unclosed_quote", ends_.size(),
             {"the file ends inside a quoted field", "文件在引号字段内结束"});
    }
    if (state_ == State::kCarriageReturn) step_delimiter('\0');
    const bool open = state_ != State::kFieldStart || !ends_.empty();
    if (open) {
        end_field();
        end_record();
    }
    if (next_number_ == 0) {
        fail(ErrorKind::kInvalid, "csv.empty", 0, {"the file is empty", "文件为空"});
    }
}

void CsvReader::consume(std::string_view bytes) {
    if (bytes.empty()) return;
    chunk_ = bytes.data();
    chunk_bytes_ = bytes.size();
    const std::size_t whole = bytes.size() / kMaskBlock;
    specials_.resize(whole + 1);
    special_best()(bytes.data(), whole, specials_.data());
    std::array<char, kMaskBlock> tail{};
    std::memcpy(tail.data(), bytes.data() + whole * kMaskBlock, bytes.size() % kMaskBlock);
    special_best()(tail.data(), 1, &specials_.back());
    const char* position = bytes.data();
    const char* const end = position + bytes.size();
    valid_end_ = nullptr;
    while (position != end) {
        if (state_ == State::kFieldStart && ends_.empty()) {
            if (const char* next = try_plain_record(position, end)) {
                position = next;
                continue;
            }
        }
        position = step(position, end);
    }
}

/// The next comma, quote, line end or NUL. Requires: both point into the chunk that is consumed.
const char* CsvReader::find_special(const char* begin, const char* end) const {
    const auto offset = static_cast<std::size_t>(begin - chunk_);
    std::size_t block = offset / kMaskBlock;
    if (begin == end) return end;
    std::uint64_t mask = specials_[block] >> (offset % kMaskBlock) << (offset % kMaskBlock);
    const std::size_t last = static_cast<std::size_t>(end - chunk_ - 1) / kMaskBlock;
    while (mask == 0 && block < last) mask = specials_[++block];
    if (mask == 0) return end;
    const std::size_t found = block * kMaskBlock + static_cast<std::size_t>(std::countr_zero(mask));
    return std::min(chunk_ + found, end);
}

/// A whole record inside the chunk, without quotes and without faults, is handed on without a copy.
/// Anything else gives null and is taken by step(), the only place that knows the faults.
const char* CsvReader::try_plain_record(const char* begin, const char* end) {
    const auto available = static_cast<std::size_t>(end - begin);
    end = begin + std::min(available, limits_.record_bytes_max);
    views_.clear();
    const std::size_t columns_max = next_number_ == 0 ? limits_.columns_max : width_;
    const char* field = begin;
    const auto offset = static_cast<std::size_t>(begin - chunk_);
    const std::uint64_t* block = specials_.data() + offset / kMaskBlock;
    const char* bytes = begin - offset % kMaskBlock;  // of the block
    std::uint64_t left = *block >> (offset % kMaskBlock) << (offset % kMaskBlock);
    while (true) {
        for (; left == 0; left = *++block) {
            bytes += kMaskBlock;
            if (bytes >= end) return nullptr;
        }
        const char* const stop = bytes + std::countr_zero(left);
        left &= left - 1;
        if (stop >= end || *stop == '"' || *stop == '\0') return nullptr;
        const auto size = static_cast<std::size_t>(stop - field);
        if (size > limits_.field_bytes_max || views_.size() == columns_max) return nullptr;
        views_.emplace_back(field, size);
        field = stop + 1;
        if (*stop == ',') continue;
        if (*stop == '\r') {
            if (field == end || *field != '\n') return nullptr;
            ++field;
        }
        if (next_number_ != 0 && views_.size() != width_) return nullptr;
        if (!is_valid_until(begin, stop)) return nullptr;
        record_line_ = line_;
        emit(1);
        return field;
    }
}

/// Of a record that begins at `begin` and ends before `end`. All whole lines of the chunk are
/// looked at together: its records follow each other, and no line end is inside a character.
bool CsvReader::is_valid_until(const char* begin, const char* end) {
    if (end <= valid_end_) return true;
    const std::string_view left(begin, chunk_bytes_ - static_cast<std::size_t>(begin - chunk_));
    valid_end_ = begin + scan_utf8(left.substr(0, left.rfind('\n'))).valid;
    return end <= valid_end_;
}

const char* CsvReader::step(const char* begin, const char* end) {
    while (begin != end) {
        const bool first = state_ == State::kFieldStart && ends_.empty();
        if (first) record_line_ = line_;
        switch (state_) {
            case State::kFieldStart:
                if (*begin == '"') {
                    state_ = State::kQuoted;
                    ++begin;
                } else {
                    state_ = State::kPlain;
                }
                break;
            case State::kPlain: begin = step_plain(begin, end); break;
            case State::kQuoted: begin = step_quoted(begin, end); break;
            case State::kQuoteInQuoted:
                if (*begin == '"') {
                    append(begin, begin + 1);
                    state_ = State::kQuoted;
                } else {
                    step_delimiter(*begin);
                }
                ++begin;
                break;
            case State::kCarriageReturn: step_delimiter(*begin++); break;
        }
        // A record is complete: the fast way may be open again.
        if (state_ == State::kFieldStart && ends_.empty()) return begin;
    }
    return begin;
}

const char* CsvReader::step_plain(const char* begin, const char* end) {
    const char* const stop = find_special(begin, end);
    append(begin, stop);
    if (stop == end) return stop;
    step_delimiter(*stop);
    return stop + 1;
}

const char* CsvReader::step_quoted(const char* begin, const char* end) {
    const char* stop = begin;
    while (stop != end && *stop != '"' && *stop != '\0') {
        if (*stop == '\n') ++line_;
        ++stop;
    }
    append(begin, stop);
    if (stop == end) return stop;
    if (*stop == '\0') step_delimiter('\0');
    state_ = State::kQuoteInQuoted;
    return stop + 1;
}

/// The character behind a field; everything that may not stand there is refused here.
void CsvReader::step_delimiter(char character) {
    const bool after_return = state_ == State::kCarriageReturn;
    if (after_return && character != '\n') {
        fail(
            ErrorKind::kInvalid, "csv.bare_carriage_return", ends_.size(),
            {"a carriage return without line feed outside quotes", "引号外出现没有换行符的回车符"});
    }
    switch (character) {
        case ',': end_field(); break;
        case '\n':
            end_field();
            end_record();
            break;
        case '\r': state_ = State::kCarriageReturn; break;
        case '\0':
            fail(ErrorKind::kInvalid, "csv.nul_byte", ends_.size(),
                 {"a NUL byte", "出现空字节(NUL)"});
        default:
            if (next_number_ == 0 && begins_json(buffer_)) fail_as_json();
            fail(ErrorKind::kInvalid, "csv.stray_quote", ends_.size(),
                 {"a quote inside an unquoted field, or text behind a closing quote",
                  "未加引号的字段中出现引号，或结束引号后仍有内容"});
    }
}

void CsvReader::append(const char* begin, const char* end) {
    const auto count = static_cast<std::size_t>(end - begin);
    if (buffer_.size() - field_begin_ + count > limits_.field_bytes_max) {
        fail(ErrorKind::kTooLarge, "csv.field_too_large", ends_.size(),
             {"a field is longer than " + std::to_string(limits_.field_bytes_max) + " bytes",
              "字段超过 " + std::to_string(limits_.field_bytes_max) + " 字节"});
    }
    if (buffer_.size() + count > limits_.record_bytes_max) {
        fail(ErrorKind::kTooLarge, "csv.record_too_large", ends_.size(),
             {"a record is longer than " + std::to_string(limits_.record_bytes_max) + " bytes",
              "记录超过 " + std::to_string(limits_.record_bytes_max) + " 字节"});
    }
    buffer_.append(begin, count);
}

void CsvReader::end_field() {
    if (next_number_ == 0 && ends_.size() == limits_.columns_max) {
        fail(ErrorKind::kTooLarge, "csv.too_many_columns", ends_.size(),
             {"more than " + std::to_string(limits_.columns_max) + " columns",
              "超过 " + std::to_string(limits_.columns_max) + " 列"});
    }
    if (next_number_ != 0 && ends_.size() == width_) {
        fail(ErrorKind::kInvalid, "csv.ragged_row", ends_.size(),
             {"more fields than the header's " + std::to_string(width_),
              "字段数多于表头的 " + std::to_string(width_) + " 列"});
    }
    ends_.push_back(buffer_.size());
    // The separator also keeps a bad UTF-8 tail from joining the next field's bytes.
    buffer_ += ',';
    field_begin_ = buffer_.size();
    state_ = State::kFieldStart;
}

void CsvReader::end_record() {
    if (next_number_ != 0 && ends_.size() != width_) {
        fail(ErrorKind::kInvalid, "csv.ragged_row", ends_.size() - 1,
             {std::to_string(ends_.size()) + " fields where the header has " +
                  std::to_string(width_),
              "有 " + std::to_string(ends_.size()) + " 个字段，表头为 " + std::to_string(width_) +
                  " 列"});
    }
    const std::size_t valid = scan_utf8(buffer_).valid;
    if (valid != buffer_.size()) {
        const auto column = std::lower_bound(ends_.begin(), ends_.end(), valid) - ends_.begin();
        fail(ErrorKind::kInvalid, "csv.invalid_utf8", static_cast<std::size_t>(column),
             {"bytes that are not UTF-8", "不是有效的 UTF-8"});
    }
    views_.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
        views_.emplace_back(buffer_.data() + begin, end - begin);
        begin = end + 1;
    }
    emit(1);
    buffer_.clear();
    ends_.clear();
    field_begin_ = 0;
}

void CsvReader::emit(std::uint64_t lines) {
    if (next_number_ == 0) {
        check_header();
        width_ = views_.size();
    }
    const CsvRecord record{next_number_, record_line_, views_};
    handler_(record);
    ++next_number_;
    line_ += lines;
}

void CsvReader::fail_as_json() const {
    fail(ErrorKind::kInvalid, "csv.is_json", 0,
         {"this is JSON; JSON lines, an object a line, are read from a file named .jsonl",
          "这是 JSON；每行一个对象的 JSON 行文件请以 .jsonl 命名"});
}

void CsvReader::check_header() const {
    if (views_.size() == 1 && begins_json(views_[0])) fail_as_json();
    if (views_.size() == 1 && views_[0].find_first_of(";\t|") != std::string_view::npos) {
        fail(ErrorKind::kInvalid, "csv.separator", 0,
             {"the columns are separated by something else than commas; save the table as CSV "
              "with commas",
              "列之间不是用逗号分隔；请另存为逗号分隔的 CSV"});
    }
    std::unordered_set<std::string_view> seen;
    for (std::size_t column = 0; column < views_.size(); ++column) {
        const std::string_view name = trimmed(views_[column]);
        if (name.empty()) {
            fail(ErrorKind::kInvalid, "csv.header_name_empty", column,
                 {"the column has no name", "列没有名称"});
        }
        if (!seen.insert(name).second) {
            fail(ErrorKind::kInvalid, "csv.header_name_duplicate", column,
                 {"an earlier column has the same name", "与前面的列同名"});
        }
    }
}

void CsvReader::fail(ErrorKind kind, const char* code, std::size_t column,
                     const Text& reason) const {
    const std::string line = std::to_string(record_line_);
    const std::string place = std::to_string(column + 1);
    const std::string record = std::to_string(next_number_);
    const bool header = next_number_ == 0;
    Text text{"Line " + line + (header ? " (header)" : " (record " + record + ")") + ", column " +
                  place + ": " + reason.en + ".",
              "第 " + line + " 行" + (header ? "（表头）" : "（第 " + record + " 条记录）") +
                  "第 " + place + " 列：" + reason.zh + "。"};
    ErrorDetail detail;
    detail.pointer =
        "line " + line + ", " + (header ? "header" : "record " + record) + ", column " + place;
    throw Error(kind, code, std::move(text), std::move(detail));
}

void append_csv_field(std::string& out, std::string_view field) {
    const bool quoted = std::any_of(field.begin(), field.end(), [](char c) {
        return c == '"' || c == ',' || c == '\n' || c == '\r';
    });
    if (!quoted) {
        out += field;
        return;
    }
    out += '"';
    for (const char c : field) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

namespace {

/// Commas, quotes, line ends and NULs.
std::size_t count_specials(std::string_view text) {
    std::array<std::uint64_t, 16> masks{};
    std::array<char, kMaskBlock> tail{};
    std::size_t count = 0;
    const auto add = [&](const char* bytes, std::size_t blocks) {
        special_best()(bytes, blocks, masks.data());
        for (std::size_t i = 0; i < blocks; ++i) {
            count += static_cast<std::size_t>(std::popcount(masks[i]));
        }
    };
    while (text.size() >= kMaskBlock) {
        const std::size_t blocks = std::min(text.size() / kMaskBlock, masks.size());
        add(text.data(), blocks);
        text.remove_prefix(blocks * kMaskBlock);
    }
    tail.fill(' ');
    std::copy(text.begin(), text.end(), tail.begin());
    add(tail.data(), 1);
    return count;
}

}  // namespace

CsvWriter::CsvWriter(Sink sink) : sink_(std::move(sink)) {}

void CsvWriter::write(std::span<const std::string_view> fields) {
    PDX_CHECK(!fields.empty());
    PDX_CHECK(width_ == 0 || width_ == fields.size());
    width_ = fields.size();
    std::size_t end = block_.size();
    std::size_t bytes = 0;
    for (const std::string_view field : fields) bytes += field.size();
    char* to = block_.extend(bytes + fields.size() + 1);
    for (const std::string_view field : fields) {
        copy_short(to, field.data(), field.size());
        to += field.size();
        end += field.size();
        ends_.push_back(end++);
        *to++ = ',';
    }
    to[-1] = '\r';
    *to = '\n';
    if (block_.size() >= kBlockBytes) flush();
}

/// The rows of the block stand there as if no field needed quotes. Where they hold more commas and
/// line ends than rows have, or an empty line, which readers skip, they are written again.
void CsvWriter::flush() {
    if (ends_.empty()) return;
    const std::size_t rows = ends_.size() / width_;
    constexpr std::size_t kLineEnd = 2;
    if (width_ > 1 && count_specials(block_.view()) == rows * (width_ - 1 + kLineEnd)) {
        sink_(block_.view());
    } else {
        quoted_.clear();
        std::size_t begin = 0;
        for (std::size_t i = 0; i < ends_.size(); ++i) {
            const auto field = block_.view().substr(begin, ends_[i] - begin);
            const bool last = (i + 1) % width_ == 0;
            append_csv_field(quoted_, field);
            if (width_ == 1 && field.empty()) quoted_ += "\"\"";
            quoted_ += last ? "\r\n" : ",";
            begin = ends_[i] + (last ? kLineEnd : 1);
        }
        sink_(quoted_);
    }
    block_.clear();
    ends_.clear();
}

void CsvWriter::finish() { flush(); }

}  // namespace pdx::privacy
