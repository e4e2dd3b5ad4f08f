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
#include "privacy/fingerprint_text.h"

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

    static std::string text_of(const json& one, const std::string& where) {
        if (!one.is_string()) refuse_case(where);
        return one.get<std::string>();
    }

private:
    const json& value_;
    std::string name_;
};

privacy::TracePlan read_plan(const CaseObject& whole) {
    privacy::TracePlan plan;
    if (whole.has("pseudonyms")) {
        for (const json& one : whole.array("pseudonyms")) {
            const CaseObject field(one, "/pseudonyms", {"field", "domain"});
            plan.tokens.push_back({field.text("field"), field.text("domain", "")});
        }
    }
    try {
        if (whole.has("marks")) {
            plan.marks = privacy::read_mark_plan(whole.get("marks"), "/marks");
        }
        if (whole.has("canaries")) {
            plan.canaries = privacy::read_canary_plan(whole.get("canaries"), "/canaries");
        }
    } catch (const Error& error) {
        if (error.code() != "fingerprint.form") throw;
        refuse_case(error.detail().pointer);
    }
    if (!plan.canaries) return plan;
    for (const privacy::CanaryColumn& column : plan.canaries->columns) {
        if (column.kind == privacy::Kind::kUnknown) refuse_case("/canaries/columns/kind");
    }
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
