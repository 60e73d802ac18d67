-- SPDX-License-Identifier: Apache-2.0
-- The plugin's release module and the module that it requires, loaded by path since the plugin is
-- not on 'runtimepath'.
local environment = require("helpers.environment")

local folder = environment.root .. "/lua/chatvim/install/"
package.preload["chatvim.install.file"] = assert(loadfile(folder .. "file.lua"))

return dofile(folder .. "release.lua")
