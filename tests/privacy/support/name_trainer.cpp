#include "tests/privacy/support/name_trainer.h"

#include <algorithm>
#include <cmath>

#include "privacy/name_finder.h"

namespace pdx::test {
namespace {

using privacy::kNameFeatureCount;
using privacy::NameCandidate;
using privacy::NameFeature;
using privacy::NameFeatures;

constexpr double kUnit = 16;
/// A missed name costs more than a word too much.
constexpr double kNameCost = 3;

struct Example {
    NameFeatures features;
    bool is_name = false;
};

const NameWeights kByHand{// The left side.
                          12, 12, 10, 40, 8, 60, 6, 34, 24, 16, 8, 6, 2, 6, -4, -4, -20, -30,
                          // The right side.
                          10, 10, 8, 16, 14, 10, 6, 6, -8, 40, 36, 24, -50, -30, 12, -14, -22, -30,
                          // Surname and length.
                          2, 6, -14, -6, -34, -26, 20, 30, -30,
                          // One character given.
                          -60, -12, 10, 20,
                          // Two characters given.
                          -70, -56, -50, -40, -70, -14, -2, 4, -60, -2, 14, 20, -40, 2, 20, 28,
                          // Any.
                          16, -40, -34, -16, -30, -16, 6, -20, -60, -20};

std::vector<Example> examples_of(const MarkedText& marked) {
    std::vector<Example> examples;
    std::vector<NameCandidate> candidates;
    for (std::size_t at = 0; at < marked.text.size();) {
        const std::size_t size = privacy::char_at_place(marked.text, at).size;
        std::size_t after = std::string_view::npos;
        for (const auto& [begin, end] : marked.names) {
            if (end <= at) after = end;
        }
        const privacy::LeftSide left = privacy::left_side(marked.text, at, after);
        candidates.clear();
        privacy::name_candidates(marked.text, at, left, candidates);
        for (const NameCandidate& one : candidates) {
            const bool is_name = std::find(marked.names.begin(), marked.names.end(),
                                           std::pair{one.begin, one.end}) != marked.names.end();
            examples.push_back({privacy::features_of(marked.text, one, left), is_name});
        }
        at += size;
    }
    return examples;
}

/// Sentences of the templates, the tuning ones between them and a dozen times.
std::vector<Example> training_examples(const std::vector<MarkedText>& tuning) {
    constexpr int kSentences = 12'000;
    constexpr int kTuningEach = 12;
    constexpr unsigned kSeed = 7;
    ProseMaker maker(training_prose(), kSeed);
    std::vector<Example> examples;
    const auto add = [&](const MarkedText& marked) {
        const auto more = examples_of(marked);
        examples.insert(examples.end(), more.begin(), more.end());
    };
    for (int i = 0; i < kSentences; ++i) {
        add(maker.sentence());
        if (i % (kSentences / kTuningEach) == 0) {
            for (const MarkedText& one : tuning) add(one);
        }
    }
    return examples;
}

}  // namespace

NameWeights trained_weights(const std::vector<MarkedText>& tuning) {
    constexpr int kPasses = 30;
    constexpr double kRate = 0.02;
    constexpr double kPull = 2e-3;
    const std::vector<Example> examples = training_examples(tuning);
    std::array<double, kNameFeatureCount> weights{};
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = kByHand[i] / kUnit;
    for (int pass = 0; pass < kPasses; ++pass) {
        const double rate = kRate / (1 + pass);
        for (const Example& one : examples) {
            double sum = 0;
            for (const NameFeature f : one.features) sum += weights[static_cast<std::size_t>(f)];
            const double chance = 1 / (1 + std::exp(-sum));
            const double step = rate * (one.is_name ? kNameCost * (1 - chance) : -chance);
            for (const NameFeature f : one.features) {
                const auto i = static_cast<std::size_t>(f);
                weights[i] += step - rate * kPull * (weights[i] - kByHand[i] / kUnit);
            }
        }
    }
    NameWeights whole{};
    for (std::size_t i = 0; i < whole.size(); ++i) {
        whole[i] = static_cast<std::int16_t>(std::lround(weights[i] * kUnit));
    }
    return whole;
}

}  // namespace pdx::test
