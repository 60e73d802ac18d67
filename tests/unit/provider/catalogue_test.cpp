// SPDX-License-Identifier: Apache-2.0
#include "chatvim/provider/catalogue.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace chatvim::provider {
namespace {

const Json kNone = Json::object();

Json data_file() {
  std::ifstream file(CHATVIM_TEST_DATA "/../../data/models.json");
  return Json::parse(file);
}

TEST_CASE("the catalogue holds the data file", "[catalogue]") {
  const Json data = data_file();
  const Catalogue catalogue(kNone);
  CHECK(Catalogue::date() == data.at("date").get<std::string>());
  std::size_t count = 0;
  for (const auto& [provider, models] : data.at("providers").items()) {
    CHECK(catalogue.of(provider).size() == models.size());
    for (const auto& [name, facts] : models.items()) {
      INFO(provider << "/" << name);
      const auto model = catalogue.find(provider, name);
      REQUIRE(model);
      CHECK(model->context == facts.at("context").get<std::int64_t>());
      CHECK(model->max_output == facts.at("max_output").get<std::int64_t>());
      ++count;
    }
  }
  CHECK(count > 700);
  CHECK_FALSE(catalogue.find("openai", "never-heard-of"));
  CHECK(catalogue.of("nobody").empty());
}

TEST_CASE("each default model is one that is known", "[catalogue]") {
  const Catalogue catalogue(kNone);
  const auto data = data_file();
  for (const auto& [provider, model] : data.at("default_models").items()) {
    INFO(provider);
    CHECK(catalogue.find(provider, model.get<std::string>()));
    CHECK(Catalogue::default_model(provider) == model.get<std::string>());
  }
  CHECK(Catalogue::default_model("ollama").empty());
}

TEST_CASE("a user's corrections lie over the data", "[catalogue]") {
  const Json corrections = Json::parse(R"({
    "openai/gpt-6-sol": {"context": 5, "price": {"output": 7}},
    "local/mine": {"context": 4096, "images": true}})");
  const Catalogue catalogue(corrections);
  const auto before = Catalogue(kNone).find("openai", "gpt-6-sol");
  const auto after = catalogue.find("openai", "gpt-6-sol");
  REQUIRE(before);
  REQUIRE(after);
  CHECK(after->context == 5);
  CHECK(after->max_output == before->max_output);
  CHECK(after->price->input == before->price->input);
  CHECK(after->price->output == 7);
  REQUIRE(catalogue.of("local").size() == 1);
  CHECK(catalogue.of("local")[0].name == "mine");
  CHECK(catalogue.of("local")[0].images == true);
  CHECK(catalogue.of("openai").size() == Catalogue(kNone).of("openai").size());
}

TEST_CASE("a safe limit of output is one that every model takes", "[catalogue]") {
  const Catalogue catalogue(kNone);
  for (const Model& model : catalogue.of("anthropic")) {
    CHECK(Catalogue::safe_max_output("anthropic") <= *model.max_output);
  }
  CHECK(Catalogue::safe_max_output("anthropic") > 0);
  CHECK(Catalogue::safe_max_output("nobody") > 0);
}

TEST_CASE("the cost of an answer", "[catalogue]") {
  Model model;
  provider::Usage usage;
  usage.input = 1000;
  usage.output = 100;
  CHECK_FALSE(cost_of(model, usage));
  model.price = Price{2, 10, std::nullopt};
  CHECK(*cost_of(model, usage) == Catch::Approx(0.003));
  usage.cached = 500;
  CHECK(*cost_of(model, usage) == Catch::Approx(0.003));
  model.price->cached_input = 0.2;
  CHECK(*cost_of(model, usage) == Catch::Approx(0.0021));
  usage.output.reset();
  CHECK_FALSE(cost_of(model, usage));
}

}  // namespace
}  // namespace chatvim::provider
