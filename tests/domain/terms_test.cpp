#include "marketplace/domain/terms.h"

#include "tests/support/catch.h"

using namespace pdx::domain;

namespace {

/// "name=label" of each enumerator, in order: these words are on disk and may not change.
template <class Enum>
std::string words() {
    std::string all;
    for (const auto& row : names_of(Enum{})) {
        if (!all.empty()) all += ' ';
        all += std::string(row.name) + "=" + std::string(row.zh);
        CHECK(to_string(row.value) == row.name);
        CHECK(parse<Enum>(row.name) == row.value);
        CHECK(parse_label_zh<Enum>(row.zh) == row.value);
    }
    CHECK_FALSE(parse<Enum>("").has_value());
    CHECK_FALSE(parse_label_zh<Enum>("无此项").has_value());
    return all;
}

}  // namespace

TEST_CASE("terms: the stable words and their labels", "[domain][terms]") {
    CHECK(words<SecurityGrade>() ==
          "general_1=一般-1级 general_2=一般-2级 general_3=一般-3级 general_4=一般-4级 "
          "important=重要数据 core=核心数据");
    CHECK(words<OpenKind>() ==
          "unconditional=无条件开放 conditional=有条件开放 prohibited=不予开放");
    CHECK(words<PersonalDataLevel>() == "none=无 general=一般 sensitive=敏感 minors=未成年人");
    CHECK(words<FieldClass>() ==
          "plain=一般字段 direct_identifier=直接标识符 quasi_identifier=准标识符 "
          "sensitive=敏感个人信息 business=商业秘密");
    CHECK(words<BeneficiaryClass>() ==
          "public_governance=公共治理 public_welfare=公益事业 industry=产业发展 sector=行业发展");
    CHECK(words<ProductKind>() ==
          "dataset=数据集 api=数据接口 model=算法模型 tool=数据工具 application=数据应用 "
          "service=数据服务 report=数据报告");
}

TEST_CASE("terms: only public purposes are free", "[domain][terms]") {
    CHECK(is_free_of_charge(BeneficiaryClass::kPublicGovernance));
    CHECK(is_free_of_charge(BeneficiaryClass::kPublicWelfare));
    CHECK_FALSE(is_free_of_charge(BeneficiaryClass::kIndustry));
    CHECK_FALSE(is_free_of_charge(BeneficiaryClass::kSector));
}
