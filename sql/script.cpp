#include "sql/script.h"

#include "base/check.h"

namespace pdx::sql {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void keep(std::vector<std::string>& statements, std::string& statement) {
    while (!statement.empty() && is_space(statement.back())) statement.pop_back();
    std::size_t begin = 0;
    while (begin < statement.size() && is_space(statement[begin])) ++begin;
    statement.erase(0, begin);
    if (!statement.empty()) statements.push_back(std::move(statement));
    statement.clear();
}

/// The position after the comment at `at`.
std::size_t skip_comment(std::string_view script, std::size_t at) {
    if (script[at] == '-') {
        const std::size_t end = script.find('\n', at);
        return end == std::string_view::npos ? script.size() : end;
    }
    const std::size_t end = script.find("*/", at + 2);
    PDX_CHECK(end != std::string_view::npos && "a comment is not closed");
    return end + 2;
}

/// The position after the quoted text at `at`. A doubled quote is read as two texts side by side,
/// which cuts at the same places.
std::size_t skip_quoted(std::string_view script, std::size_t at) {
    const std::size_t end = script.find(script[at], at + 1);
    PDX_CHECK(end != std::string_view::npos && "quotes are not closed");
    return end + 1;
}

}  // namespace

std::vector<std::string> split_script(std::string_view script) {
    std::vector<std::string> statements;
    std::string statement;
    std::size_t at = 0;
    while (at < script.size()) {
        const char c = script[at];
        const std::string_view rest = script.substr(at);
        if (rest.starts_with("--") || rest.starts_with("/*")) {
            at = skip_comment(script, at);
            statement += ' ';
        } else if (c == '\'' || c == '"' || c == '`') {
            const std::size_t end = skip_quoted(script, at);
            statement += script.substr(at, end - at);
            at = end;
        } else if (c == ';') {
            keep(statements, statement);
            ++at;
        } else {
            PDX_CHECK(c != '#' && "a comment that only one database knows");
            statement += c;
            ++at;
        }
    }
    keep(statements, statement);
    return statements;
}

}  // namespace pdx::sql
