#include "marketplace/cli/trace_case.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/cli/file_feed.h"
#include "privacy/compiled_operation.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kCaseBytesMax = std::size_t{64} << 20U;
constexpr std::size_t kTraceKeyBytes = 32;

[[noreturn]] void refuse_case(const std::string& member) {
    throw invalid(
        "trace.candidates_file",
        {"The candidates file is no JSON of the form that pdx trace --help shows, or this "
         "member of it is missing, unknown or wrong.",
         "候选文件不是 pdx trace --help 所示格式的 "
         "JSON，或该成员缺失、未知或有误。"},
        {.pointer = member});
}

/// An object whose members are all known.
class CaseObject {
public:
    CaseObject(const json& value, std::string name, std::initializer_list<std::string_view> known)
        : value_(value),
          name_(std::move(name)) {
        if (!value.is_object()) refuse_case(name_);
        for (const auto& [key, ignored] : value.items()) {
            if (std::find(known.begin(), known.end(), key) == known.end()) refuse_case(at(key));
        }
    }

    std::string at(std::string_view member) const { return name_ + "/" + std::string(member); }
    bool has(const char* member) const { return value_.contains(member); }
    const json& get(const char* member) const {
        if (!has(member)) refuse_case(at(member));
        return value_.at(member);
    }
    const json& array(const char* member) const {
        const json& one = get(member);
        if (!one.is_array()) refuse_case(at(member));
        return one;
    }
    std::string text(const char* member) const { return text_of(get(member), at(member)); }
    std::string text(const char* member, const char* otherwise) const {
        return has(member) ? text(member) : otherwise;
    }
    std::int64_t number(const char* member, std::int64_t otherwise) const {
        if (!has(member)) return otherwise;
        const json& one = get(member);
        const bool fits = one.is_number_unsigned()
                              ? one.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)
                              : one.is_number_integer();
        if (!fits) refuse_case(at(member));
        return one.get<std::int64_t>();
    }
    std::uint32_t count(const char* member, std::uint32_t otherwise) const {
        const std::int64_t one = number(member, otherwise);
        if (one < 0 || one > UINT32_MAX) refuse_case(at(member));
        return static_cast<std::uint32_t>(one);
    }
    std::vector<std::string> texts(const char* member) const {
        return has(member) ? texts_of(get(member), at(member)) : std::vector<std::string>{};
    }

    static std::string text_of(const json& one, const std::string& where) {
        if (!one.is_string()) refuse_case(where);
        return one.get<std::string>();
    }
    static std::vector<std::string> texts_of(const json& all, const std::string& where) {
        if (!all.is_array()) refuse_case(where);
        std::vector<std::string> texts;
        for (const json& one : all) texts.push_back(text_of(one, where));
        return texts;
    }

private:
    const json& value_;
    std::string name_;
};

privacy::MarkPlan read_marks(const CaseObject& whole) {
    const CaseObject object(whole.get("marks"), "/marks", {"one_of", "columns", "identities"});
    privacy::MarkPlan plan;
    plan.one_of = object.count("one_of", plan.one_of);
    for (const json& one : object.array("columns")) {
        const CaseObject column(one, "/marks/columns", {"name", "decimals", "step", "way"});
        const auto way = privacy::parse_mark_way(column.text("way", "nearest"));
        if (!way) refuse_case("/marks/columns/way");
        plan.columns.push_back(
            {column.text("name"), column.number("decimals", 0), column.number("step", 1), *way});
    }
    for (const json& one : object.array("identities")) {
        plan.identities.push_back(CaseObject::texts_of(one, "/marks/identities"));
    }
    return plan;
}

privacy::CanaryPlan read_canaries(const CaseObject& whole) {
    const CaseObject object(whole.get("canaries"), "/canaries", {"rows", "columns"});
    privacy::CanaryPlan plan;
    plan.rows = object.count("rows", plan.rows);
    for (const json& one : object.array("columns")) {
        const CaseObject column(one, "/canaries/columns",
                                {"name", "kind", "space", "choices", "least", "most", "decimals"});
        const auto kind = privacy::parse_kind(column.text("kind"));
        if (!kind) refuse_case("/canaries/columns/kind");
        plan.columns.push_back({column.text("name"), *kind, column.text("space", ""),
                                column.texts("choices"), column.number("least", 0),
                                column.number("most", 0), column.number("decimals", 0)});
    }
    return plan;
}

privacy::TracePlan read_plan(const CaseObject& whole) {
    privacy::TracePlan plan;
    if (whole.has("pseudonyms")) {
        for (const json& one : whole.array("pseudonyms")) {
            const CaseObject field(one, "/pseudonyms", {"field", "domain"});
            plan.tokens.push_back({field.text("field"), field.text("domain", "")});
        }
    }
    if (whole.has("marks")) plan.marks = read_marks(whole);
    if (whole.has("canaries")) plan.canaries = read_canaries(whole);
    return plan;
}

/// Keys by the names of their files.
class CaseKeys {
public:
    CaseKeys(const CaseObject& whole, std::filesystem::path folder, KeySealing& sealing)
        : folder_(std::move(folder)),
          sealing_(sealing) {
        if (whole.has("root_key")) root_ = load(whole.text("root_key"));
    }

    Secret load(const std::string& name) {
        return load_secret(folder_ / name, kTraceKeyBytes, sealing_);
    }
    Secret rows(const CaseObject& whole) {
        if (whole.has("rows_key")) return load(whole.text("rows_key"));
        if (root_.empty()) refuse_case("/rows_key");
        return privacy::mark_rows_key(root_.view());
    }
    privacy::Candidate candidate(const json& one) {
        if (one.is_string()) return derived(one.get<std::string>());
        const CaseObject object(one, "/contracts", {"contract", "key"});
        if (!object.has("key")) return derived(object.text("contract"));
        return {object.text("contract"), load(object.text("key"))};
    }

private:
    privacy::Candidate derived(const std::string& contract) {
        if (root_.empty()) refuse_case("/root_key");
        return {contract, privacy::contract_key(root_.view(), contract)};
    }

    std::filesystem::path folder_;
    KeySealing& sealing_;
    Secret root_;
};

}  // namespace

TraceCase load_trace_case(const std::filesystem::path& path, KeySealing& sealing) {
    std::string text;
    feed_file(path.string(), "Reading", [&text](std::string_view piece) {
        if (text.size() + piece.size() > kCaseBytesMax) refuse_case({});
        text += piece;
    });
    const json parsed = json::parse(text, nullptr, false);
    const CaseObject whole(
        parsed, "", {"root_key", "rows_key", "contracts", "pseudonyms", "marks", "canaries"});
    TraceCase result;
    result.sha256 = sha256(text);
    result.bytes = text.size();
    result.plan = read_plan(whole);
    CaseKeys keys(whole, path.parent_path(), sealing);
    if (result.plan.marks) result.rows_key = keys.rows(whole);
    for (const json& one : whole.array("contracts")) {
        result.candidates.push_back(keys.candidate(one));
    }
    return result;
}

}  // namespace pdx::cli
