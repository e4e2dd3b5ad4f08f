#include "privacy/policy_scope.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

bool is_name(const std::string& form) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return !form.empty() && form.size() <= 64 && std::all_of(form.begin(), form.end(), fits);
}

[[noreturn]] void refuse_scope(const char* member, const Text& reason) {
    throw invalid("policy.scope",
                  {"The scope of the policy: " + reason.en, "策略适用范围：" + reason.zh},
                  {.pointer = std::string("/scope/") + member});
}

[[noreturn]] void refuse_use(const Text& reason) {
    throw conflict("delivery.out_of_scope",
                   {"The contract does not cover this: " + reason.en, "协议不涵盖：" + reason.zh});
}

std::string text_of(const VersionRange& versions) {
    const std::string from = std::to_string(versions.from);
    return versions.to ? from + "–" + std::to_string(*versions.to) : from + "+";
}

}  // namespace

bool PolicyScope::has_form(std::string_view form) const {
    return std::binary_search(forms.begin(), forms.end(), form);
}

void check_scope(const PolicyScope& scope) {
    if (scope.resource.empty() || !is_utf8(scope.resource)) {
        refuse_scope("resource", {"it names no data resource.", "未指明数据资源。"});
    }
    if (scope.purpose.empty() || scope.purpose.size() > kPurposeBytesMax ||
        !is_utf8(scope.purpose)) {
        refuse_scope("purpose", {"the purpose is empty or too long.", "用途为空或过长。"});
    }
    const VersionRange& versions = scope.versions;
    if (versions.from < 1 || versions.from > kVersionsMax ||
        (versions.to && (*versions.to < versions.from || *versions.to > kVersionsMax))) {
        refuse_scope("versions",
                     {"versions are counted from 1, and the last is not before the first.",
                      "版本号从 1 起，末版本不得早于首版本。"});
    }
    const std::vector<std::string>& forms = scope.forms;
    const bool sorted = std::is_sorted(forms.begin(), forms.end()) &&
                        std::adjacent_find(forms.begin(), forms.end()) == forms.end();
    if (forms.empty() || forms.size() > kFormsMax || !sorted ||
        !std::all_of(forms.begin(), forms.end(), is_name)) {
        refuse_scope("forms", {"the forms of product are missing, unsorted or no names.",
                               "产品形态缺失、未排序或名称有误。"});
    }
    if (scope.to < scope.from) {
        refuse_scope("to", {"the last day is before the first.", "末日早于首日。"});
    }
}

void check_use(const std::optional<PolicyScope>& scope, const PolicyUse& use) {
    if (!scope) return;
    if (use.resource != scope->resource) {
        refuse_use({"the data of another resource.", "其他数据资源的数据。"});
    }
    if (use.day < scope->from || scope->to < use.day) {
        refuse_use({"the day " + use.day.iso() + ".", use.day.iso() + " 这一日期。"});
    }
    if (!scope->versions.has(use.version)) {
        const std::string version = std::to_string(use.version);
        const std::string granted = text_of(scope->versions);
        refuse_use({"version " + version + " of the data; granted: " + granted + ".",
                    "数据的第 " + version + " 版；已授权版本：" + granted + "。"});
    }
    if (!scope->has_form(use.form)) {
        refuse_use({"products of the form '" + use.form + "'.", "“" + use.form + "”形态的产品。"});
    }
}

}  // namespace pdx::privacy
