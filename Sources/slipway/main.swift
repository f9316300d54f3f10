import ArgumentParser
import AsyncHTTPClient
import Core
print("slipway")
