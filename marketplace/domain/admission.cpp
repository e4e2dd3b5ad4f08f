#include "marketplace/domain/admission.h"

#include <algorithm>

#include "marketplace/domain/calendar.h"

namespace pdx::domain {

static_assert(names_are_well_formed(names_of(FieldOutcome{})));

namespace {

constexpr std::string_view kWuxiMeasures = "无锡市公共数据授权运营管理办法（试行）";

std::string article(std::string_view law, int number) {
    return std::string(law) + " Article " + std::to_string(number);
}

void check_resource(const ResourceFacts& resource, std::vector<Reason>& refusals) {
    if (resource.state != RegistrationState::kActive) {
        refusals.push_back(
            {"admission.not_registered",
             article("发改数据规〔2025〕27号", 16) + ", " + std::string(kWuxiMeasures),
             {"The resource is not registered: only data in the resource catalog with an active "
              "registration may be authorized.",
              "该资源未完成登记：仅目录内且登记有效的公共数据资源可以授权运营。"}});
    }
    if (resource.open_kind == OpenKind::kProhibited) {
        refusals.push_back(
            {"admission.opening_prohibited",
             std::string(kWuxiMeasures),
             {"Opening this resource is prohibited, and data whose opening is prohibited may not "
              "be put into authorized operation.",
              "该资源的开放属性为不予开放，不予开放的公共数据不得授权运营。"}});
    }
    if (resource.personal_data == PersonalDataLevel::kMinors) {
        refusals.push_back(
            {"admission.minors",
             article("个人信息保护法", 28) + ", 31, " + article("未成年人保护法", 72),
             {"The resource holds personal information of minors under 14. That is sensitive "
              "information; each guardian's consent is needed and there is none on file.",
              "该资源含不满十四周岁未成年人个人信息，属敏感个人信息，须取得监护人同意，现无同意记"
              "录。"}});
    }
    if (resource.grade == SecurityGrade::kCore) {
        refusals.push_back({"admission.core_data",
                            article("数据安全法", 21),
                            {"The resource is core data of the state; it is never authorized.",
                             "该资源属于国家核心数据，不得授权运营。"}});
    }
    if (resource.grade == SecurityGrade::kImportant && !resource.risk_assessment_on_file) {
        refusals.push_back({"admission.risk_assessment_missing",
                            article("数据安全法", 30),
                            {"The resource is important data without a risk assessment on file.",
                             "该资源属于重要数据，尚无数据安全风险评估。"}});
    }
    if (resource.shared_from_another_body && !resource.source_body_consented) {
        refusals.push_back(
            {"admission.source_consent_missing",
             article("发改数据规〔2025〕27号", 5),
             {"The data was shared by another body, and that body has not consented.",
              "该数据由其他地区或部门共享获得，尚未取得数据提供单位同意。"}});
    }
}

void check_request(const AccessRequest& request, int contract_years_max,
                   std::vector<Reason>& refusals) {
    const auto first = request.purpose.find_first_not_of(" \t\r\n");
    const auto last = request.purpose.find_last_not_of(" \t\r\n");
    const std::size_t length = first == std::string::npos ? 0 : last - first + 1;
    if (length < kPurposeBytesMin || length > kPurposeBytesMax) {
        refusals.push_back({"admission.purpose",
                            article("个人信息保护法", 6),
                            {"State one clear purpose in at most 2,000 bytes.",
                             "请说明明确、合理的使用目的（不超过 2,000 字节）。"}});
    }
    if (request.fields.empty()) {
        refusals.push_back(
            {"admission.no_fields",
             article("个人信息保护法", 6),
             {"Name the fields that the purpose needs.", "请逐项列明实现目的所需的字段。"}});
    }
    if (request.term_to < request.term_from ||
        request.term_to >= plus_years(request.term_from, contract_years_max)) {
        refusals.push_back(
            {"admission.term",
             article("发改数据规〔2025〕27号", 14),
             {"The term must end after it begins and last at most " +
                  std::to_string(contract_years_max) + " years.",
              "授权期限须起止有效，且不超过 " + std::to_string(contract_years_max) + " 年。"}});
    }
}

Reason treatment_for(FieldClass field_class) {
    switch (field_class) {
        case FieldClass::kDirectIdentifier:
            return {"admission.direct_identifier",
                    article("个人信息保护法", 6) + "; GB/T 37964-2019",
                    {"It identifies a person directly: it must be dropped, masked or replaced by a "
                     "pseudonym of this contract.",
                     "属于直接标识符：须删除、遮蔽，或替换为本协议专用假名。"}};
        case FieldClass::kQuasiIdentifier:
            return {
                "admission.quasi_identifier",
                article("发改数据规〔2025〕27号", 21) + "; GB/T 37964-2019",
                {"Together with other columns it can identify a person: it must be generalised.",
                 "与其他字段结合可识别个人：须泛化处理。"}};
        case FieldClass::kSensitive:
            return {"admission.sensitive",
                    article("个人信息保护法", 28) + ", 55",
                    {"It is sensitive personal information: specific purpose, strict protection "
                     "and an impact assessment are needed.",
                     "属于敏感个人信息：须具有特定目的、采取严格保护措施并完成影响评估。"}};
        case FieldClass::kBusiness:
            return {"admission.business_confidential",
                    article("发改数据规〔2025〕27号", 5),
                    {"It may hold trade secrets: it must be generalised or banded.",
                     "可能涉及商业秘密：须泛化或分档处理。"}};
        case FieldClass::kPlain: break;
    }
    fail_check("a plain field needs no treatment", __FILE__, __LINE__);
}

FieldFinding check_field(const std::string& name, const ResourceFacts& resource,
                         bool asked_before) {
    const auto found = std::find_if(resource.fields.begin(), resource.fields.end(),
                                    [&](const FieldFacts& field) { return field.name == name; });
    if (found == resource.fields.end()) {
        return {name, FieldOutcome::kRefused,
                Reason{"admission.field_unknown",
                       "design",
                       {"The resource has no field '" + name + "'.",
                        "该资源没有字段“" + name + "”。"}}};
    }
    if (asked_before) {
        return {
            name, FieldOutcome::kRefused,
            Reason{"admission.field_repeated",
                   "design",
                   {"Field '" + name + "' is asked for twice.", "字段“" + name + "”被重复申请。"}}};
    }
    const std::optional<FieldClass> field_class = found->field_class;
    if (!field_class) {
        return {name, FieldOutcome::kRefused,
                Reason{"admission.field_unclassified",
                       "design D6",
                       {"Field '" + name + "' has not been classified, so it cannot be used.",
                        "字段“" + name + "”尚未分类，不能使用。"}}};
    }
    if (*field_class == FieldClass::kPlain) return {name, FieldOutcome::kAsIs, {}};
    return {name, FieldOutcome::kWithTreatment, treatment_for(*field_class)};
}

}  // namespace

AdmissionReport check_admission(const ResourceFacts& resource, const AccessRequest& request,
                                std::string_view profile, int contract_years_max) {
    AdmissionReport report;
    report.profile = profile;
    check_resource(resource, report.refusals);
    check_request(request, contract_years_max, report.refusals);
    for (std::size_t i = 0; i < request.fields.size(); ++i) {
        const auto begin = request.fields.begin();
        const auto here = begin + static_cast<std::ptrdiff_t>(i);
        FieldFinding finding =
            check_field(request.fields[i], resource, std::find(begin, here, *here) != here);
        if (finding.outcome == FieldOutcome::kRefused) {
            PDX_CHECK(finding.reason.has_value());
            report.refusals.push_back(*finding.reason);
        }
        report.fields.push_back(std::move(finding));
    }
    if (resource.personal_data == PersonalDataLevel::kSensitive) {
        report.conditions.push_back({"admission.impact_assessment",
                                     article("个人信息保护法", 55) + ", 56",
                                     {"A personal information protection impact assessment must be "
                                      "on file before delivery.",
                                      "交付前须完成个人信息保护影响评估并留存记录。"}});
    }
    if (resource.grade == SecurityGrade::kImportant) {
        report.conditions.push_back({"admission.important_data",
                                     article("数据安全法", 30),
                                     {"Important data is processed inside the secure domain only.",
                                      "重要数据仅限在安全域内处理。"}});
    }
    return report;
}

}  // namespace pdx::domain
