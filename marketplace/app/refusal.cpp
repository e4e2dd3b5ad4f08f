#include "marketplace/app/refusal.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"

namespace pdx::app {
namespace {

using nlohmann::json;

/// The names reach disk: do not rename.
constexpr std::array<std::pair<ErrorKind, const char*>, 11> kKindNames{{
    {ErrorKind::kMalformed, "malformed"},
    {ErrorKind::kUnauthenticated, "unauthenticated"},
    {ErrorKind::kForbidden, "forbidden"},
    {ErrorKind::kNotFound, "not_found"},
    {ErrorKind::kConflict, "conflict"},
    {ErrorKind::kStale, "stale"},
    {ErrorKind::kTooLarge, "too_large"},
    {ErrorKind::kUnsupported, "unsupported"},
    {ErrorKind::kInvalid, "invalid"},
    {ErrorKind::kPreconditionRequired, "precondition_required"},
    {ErrorKind::kBusy, "busy"},
}};

}  // namespace

std::string refusal_text(const Error& error) {
    for (const auto& [kind, name] : kKindNames) {
        if (kind != error.kind()) continue;
        const ErrorDetail& detail = error.detail();
        return json{{"kind", name},
                    {"code", error.code()},
                    {"en", error.text().en},
                    {"zh", error.text().zh},
                    {"pointer", detail.pointer},
                    {"state", detail.state},
                    {"allowed", detail.allowed},
                    {"rule", detail.rule},
                    {"deadline", detail.deadline}}
            .dump();
    }
    fail_check("unnamed error kind", __FILE__, __LINE__);
}

Error parse_refusal(std::string_view text) {
    const json value = json::parse(text);
    const auto name = value.at("kind").get<std::string>();
    for (const auto& [kind, known] : kKindNames) {
        if (name != known) continue;
        return {kind,
                value.at("code").get<std::string>(),
                {value.at("en").get<std::string>(), value.at("zh").get<std::string>()},
                {value.at("pointer").get<std::string>(), value.at("state").get<std::string>(),
                 value.at("allowed").get<std::vector<std::string>>(),
                 value.at("rule").get<std::string>(), value.at("deadline").get<std::string>()}};
    }
    fail_check("unknown error kind", __FILE__, __LINE__);
}

}  // namespace pdx::app
