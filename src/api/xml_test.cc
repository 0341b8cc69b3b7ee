#include "api/xml.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::api {
namespace {

constexpr XmlNames kNames{"item", "tagSet", "key", "value"};

TEST(Xml, EscapesTextsAndNestsSets) {
  Xml xml(kNames);
  xml.text("name", "a<b>&\"c\"").flag("on", true).number("count", 7);
  xml.set("idSet", std::vector<int>{1, 2}, [](Xml& item, int id) { item.number("id", id); });
  xml.group("state", [](Xml& inner) { inner.text("code", "active"); });
  EXPECT_EQ(xml.str(),
            "<name>a&lt;b&gt;&amp;&quot;c&quot;</name><on>true</on><count>7</count>"
            "<idSet><item><id>1</id></item><item><id>2</id></item></idSet><state><code>active</code></state>");
}

TEST(Xml, TagsAndEmptySets) {
  Xml xml(kNames);
  xml.tags({}).tags({{"Name", "x"}});
  EXPECT_EQ(xml.str(), "<tagSet></tagSet><tagSet><item><key>Name</key><value>x</value></item></tagSet>");
}

}  // namespace
}  // namespace sallyport::api
