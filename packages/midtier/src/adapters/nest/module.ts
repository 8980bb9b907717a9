// The module: the web API for everybody, its errors answered, and requirements that nobody can meet found at start-up.
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  type ModuleMetadata,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common'
import { APP_FILTER, ApplicationConfig, ModulesContainer } from '@nestjs/core'
import type { WebApi } from '../../web-api/web-api.ts'
import { mayEnterContext } from '../../web-api/enter-context.ts'
import { checkApi } from '../shared/check-use.ts'
import { goOnInContext } from './caller.ts'
import { MidtierExceptionFilter } from './filter.ts'
import { requirementsIn } from './requirements.ts'
import { foundApi, injectApi, webApiToken } from './token.ts'

/** How the web API is made of what other modules provide, such as a configuration. */
export interface MidtierAsyncOptions {
  /** Modules that provide what the factory is given. */
  readonly imports?: ModuleMetadata['imports']
  /** What the factory is given, in its order. */
  readonly inject?: FactoryProvider['inject']
  /** Makes the web API, by `createWebApi`; it is closed with the application. */
  readonly useFactory: (...given: never[]) => WebApi | Promise<WebApi>
}

/**
 * The module of the root. It is global: no other module has to import it.
 * @example
 * ```ts
 * @Module({ imports: [MidtierModule.forRoot(api)] })
 * export class AppModule {}
 * ```
 */
export class MidtierModule implements OnModuleInit {
  readonly #given: WebApi | undefined
  readonly #modules: ModulesContainer

  /** For Nest. */
  constructor(api: WebApi | undefined, modules: ModulesContainer, config: ApplicationConfig) {
    this.#given = api
    this.#modules = modules
    // With any interceptor at all, Nest serves every request by way of observables: it is there for those alone who asked for a context.
    if (api !== undefined && mayEnterContext(api)) config.useGlobalInterceptors({ intercept: goOnInContext })
  }

  /**
   * With an API that is there already; who made it closes it.
   *
   * @throws ConfigurationError at once when it is none.
   */
  static forRoot(api: WebApi): DynamicModule {
    checkApi(api, 'MidtierModule.forRoot(api)')
    return moduleOf([{ provide: webApiToken, useValue: api }])
  }

  /** With an API that is made when Nest starts, and closed when the application is. @throws ConfigurationError then, when it is none. */
  static forRootAsync({ imports = [], inject = [], useFactory }: MidtierAsyncOptions): DynamicModule {
    const make = async (...given: never[]): Promise<WebApi> => {
      const api = await useFactory(...given)
      checkApi(api, 'MidtierModule.forRootAsync({ useFactory: () => createWebApi(options) })')
      return api
    }
    return moduleOf([{ provide: webApiToken, inject, useFactory: make }, Closing], imports)
  }

  /** @throws ConfigurationError without an API, and for a requirement that nobody can meet: the application does not start. */
  onModuleInit(): void {
    const api = foundApi(this.#given)
    for (const { controllers } of this.#modules.values())
      for (const { metatype } of controllers.values())
        if (typeof metatype === 'function')
          for (const requirements of requirementsIn(metatype)) api.checkRequirements(requirements)
  }
}

function moduleOf(providers: readonly Provider[], imports: ModuleMetadata['imports'] = []): DynamicModule {
  const filter = { provide: APP_FILTER, useClass: MidtierExceptionFilter }
  return {
    module: MidtierModule,
    global: true,
    imports,
    providers: [...providers, filter],
    exports: [webApiToken],
  }
}

/** Ends the API that this module made. */
class Closing implements OnApplicationShutdown {
  readonly #api: WebApi

  constructor(api: WebApi) {
    this.#api = api
  }

  onApplicationShutdown(): Promise<void> {
    return this.#api.close()
  }
}

Inject(webApiToken)(Closing, undefined, 0)
injectApi(MidtierModule)
Inject(ModulesContainer)(MidtierModule, undefined, 1)
Inject(ApplicationConfig)(MidtierModule, undefined, 2)
