#include "marketplace/cli/trace_case.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "marketplace/cli/file_feed.h"
#include "privacy/compiled_operation.h"
#include "privacy/fingerprint_text.h"
#include "privacy/json_object.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kCaseBytesMax = std::size_t{64} << 20U;
constexpr std::size_t kTraceKeyBytes = 32;

const privacy::JsonForm kForm{"trace.candidates_file",
                              {"The candidates file (pdx trace --help shows its form)",
                               "候选文件（格式见 pdx trace --help）"}};

const Text kNeeded{"a key is needed here", "此处需要密钥"};

privacy::TracePlan read_plan(const privacy::JsonObject& whole) {
    privacy::TracePlan plan;
    if (whole.has("pseudonyms")) {
        for (const auto& one : whole.array("pseudonyms")) {
            const privacy::JsonObject field(one.value, one.pointer, kForm, {"field", "domain"});
            plan.tokens.push_back({field.text("field"), field.text("domain", "")});
        }
    }
    if (whole.has("marks")) {
        plan.marks = privacy::read_mark_plan(whole.get("marks"), whole.at("marks"));
    }
    if (!whole.has("canaries")) return plan;
    plan.canaries = privacy::read_canary_plan(whole.get("canaries"), whole.at("canaries"));
    for (const privacy::CanaryColumn& column : plan.canaries->columns) {
        if (column.kind == privacy::Kind::kUnknown) {
            whole.refuse("canaries", {"every column needs its kind", "每一列都须写明数据类型"});
        }
    }
    return plan;
}

/// Keys by the names of their files.
class CaseKeys {
public:
    CaseKeys(const privacy::JsonObject& whole, std::filesystem::path folder, KeySealing& sealing)
        : folder_(std::move(folder)),
          sealing_(sealing) {
        if (whole.has("root_key")) root_ = load(whole.text("root_key"));
    }

    Secret load(const std::string& name) {
        return load_secret(folder_ / name, kTraceKeyBytes, sealing_);
    }
    Secret rows(const privacy::JsonObject& whole) {
        if (whole.has("rows_key")) return load(whole.text("rows_key"));
        if (root_.empty()) whole.refuse("rows_key", kNeeded);
        return privacy::mark_rows_key(root_.view());
    }
    privacy::Candidate candidate(const privacy::JsonObject::Element& one) {
        if (one.value.is_string()) return derived(one.value.get<std::string>());
        const privacy::JsonObject object(one.value, one.pointer, kForm, {"contract", "key"});
        if (!object.has("key")) return derived(object.text("contract"));
        return {object.text("contract"), load(object.text("key"))};
    }

private:
    privacy::Candidate derived(const std::string& contract) {
        if (root_.empty()) privacy::refuse_json(kForm, "/root_key", kNeeded);
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
        if (text.size() + piece.size() > kCaseBytesMax) {
            privacy::refuse_json(kForm, "", {"it is too large", "文件过大"});
        }
        text += piece;
    });
    const json parsed = json::parse(text, nullptr, false);
    const privacy::JsonObject whole(
        parsed, "", kForm,
        {"root_key", "rows_key", "contracts", "pseudonyms", "marks", "canaries"});
    TraceCase result;
    result.sha256 = sha256(text);
    result.bytes = text.size();
    result.plan = read_plan(whole);
    CaseKeys keys(whole, path.parent_path(), sealing);
    if (result.plan.marks) result.rows_key = keys.rows(whole);
    for (const auto& one : whole.array("contracts")) {
        result.candidates.push_back(keys.candidate(one));
    }
    return result;
}

}  // namespace pdx::cli
